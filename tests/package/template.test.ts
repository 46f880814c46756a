import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readProject } from "../../planner/stacks";
import { emptyFolder, newProject, packed, root, run, succeed } from "./support";

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

describe("the packed template", () => {
  let project: string;

  before(() => {
    project = packed().project;
  });

  const cli = (...args: string[]) => run(project, join("node_modules", ".bin", "tierstack"), ...args);

  it("plans the stack, the user's own resources in it", () => {
    const { code, stdout, stderr } = run(project, "npx", "--no-install", "tierstack", "plan", "mvp");
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    expect(stdout).to.match(/^mvp {2}tier mvp, \d+ resources/);
    expect(stdout).to.match(/─ ! uploads +s3\.Bucket$/m);
  });

  it("knows its project's name, own outputs, and one line a stack", () => {
    const plan = JSON.parse(succeed(project, "npm", "run", "--silent", "plan", "--", "mvp", "--format", "json"));
    expect(plan).to.include({ project: "shop", stack: "mvp", tier: "mvp" });
    expect(plan.outputs).to.include.keys("uploadsBucket", "url", "databaseUrl");
    expect(cli("plan").stdout.split("\n")[1]).to.match(/^mvp +mvp +\d+/);
  });

  it("is what `pulumi new` makes of it", function () {
    const cli = process.env.PULUMI_COMMAND ?? "pulumi";
    // Without a CLI, the copy that every other test uses is not compared.
    if (run(project, cli, "version").code !== 0) this.skip();
    const [made, copied] = [emptyFolder("pulumi-new"), emptyFolder("copied")];
    const description = 'My shop: a "test"';
    const names = ["--name", "shop", "--description", description, "--dir", made];
    succeed(root, cli, "new", join(root, "template"), ...names, "--yes", "--generate-only", "--force");
    newProject(copied, "shop", description);
    expect(filesOf(made)).to.deep.equal(filesOf(copied));
    for (const file of filesOf(made).filter((name) => name !== "Pulumi.yaml"))
      expect(readFileSync(join(made, file), "utf8"), file).to.equal(readFileSync(join(copied, file), "utf8"));
    const projects = [made, copied].map((folder) => readProject(folder));
    expect(projects.map(({ name, main }) => ({ name, main }))).to.deep.equal(
      Array(2).fill({ name: "shop", main: "index.ts" }),
    );
  });

  it("passes its own tests and type-checks", () => {
    succeed(project, "npm", "test");
    succeed(project, "npm", "run", "types");
  });

  it("answers a wrong setting with one line and exit code 2", () => {
    const file = join(project, "Pulumi.mvp.yaml");
    const sound = readFileSync(file, "utf8");
    writeFileSync(file, sound.replace("tier: mvp", "tier: huge"));
    const { code, stdout, stderr } = cli("plan", "mvp");
    writeFileSync(file, sound);
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
    expect(stderr).to.match(/^shop:tier: given "huge"; allowed: mvp \| [^\n]+\n$/);
  });

  it("takes settings of the user's own, in a namespace that Pulumi.yaml declares", () => {
    const file = join(project, "Pulumi.yaml");
    const sound = readFileSync(file, "utf8");
    const stack = join(project, "Pulumi.own.yaml");
    const text = readFileSync(join(project, "Pulumi.mvp.yaml"), "utf8");
    writeFileSync(stack, text.replace("config:", "config:\n  uploads:expireDays: 30"));
    const undeclared = cli("plan", "own");
    writeFileSync(file, `${sound}config:\n  uploads:expireDays:\n    value: 365\n`);
    const declared = cli("plan", "own");
    writeFileSync(file, sound);
    writeFileSync(stack, text);
    expect(undeclared).to.include({ code: 2, stdout: "" });
    expect(undeclared.stderr).to.match(
      /^Pulumi\.own\.yaml: uploads:expireDays: given the namespace uploads; [^\n]+\n$/,
    );
    expect(declared).to.include({ code: 0, stderr: "" });
  });

  it("says what is wrong with a program it cannot plan", () => {
    const index = join(project, "index.ts");
    const sound = readFileSync(index, "utf8");
    const answers = [
      'import * as pulumi from "@pulumi/pulumi";\nnew pulumi.Config("uploads").require("bucket");\nexport = () => ({});\n',
      "export const nothing = 1;\n",
      'import * as pulumi from "@pulumi/pulumi";\nexport = () => new pulumi.Config("uploads").require("bucket");\n',
    ].map((text) => {
      writeFileSync(index, text);
      return cli("plan", "mvp");
    });
    writeFileSync(index, sound);
    for (const { code, stdout } of answers) expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
    expect(answers[0]?.stderr).to.match(
      /^Pulumi\.yaml: main: given index\.ts: [^\n]+fix: write `export = program[^\n]+\n$/,
    );
    expect(answers[1]?.stderr).to.match(/^Pulumi\.yaml: main: given index\.ts, which exports no function; [^\n]+\n$/);
    expect(answers[2]?.stderr).to.match(/uploads:bucket/);
  });

  it("spells its commands as the package has them", () => {
    const { code, stdout } = cli("plan", "--help");
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Usage: npx tierstack plan \[STACK\] \[options\]\n/);
    expect(stdout).to.not.contain("npm run");
    expect(cli("plna")).to.deep.include({ code: 2, stdout: "" });
  });

  it("finds a property that the SDK does not know, in the SDK that the user's program imports", () => {
    const file = join(project, "resources.ts");
    const sound = readFileSync(file, "utf8");
    writeFileSync(file, sound.replace('Bucket("uploads", {}', 'Bucket("uploads", { bukcet: "a" } as object'));
    const { code, stderr } = cli("plan", "mvp");
    writeFileSync(file, sound);
    expect(code).to.equal(1);
    expect(stderr).to.equal("mvp: uploads (aws:s3/bucket:Bucket): the SDK does not know the property bukcet\n");
  });

  it("refuses a second copy of the Pulumi SDK", () => {
    const main = join(project, "other", "index.js");
    expect(existsSync(main)).to.equal(false);
    // A folder of its own with another SDK than tierstack's.
    const other = join(project, "other");
    succeed(project, "mkdir", "-p", join(other, "node_modules", "@pulumi", "pulumi"));
    writeFileSync(join(other, "node_modules", "@pulumi", "pulumi", "index.js"), "");
    writeFileSync(main, "module.exports = () => ({});");
    for (const name of ["Pulumi.yaml", "Pulumi.mvp.yaml"])
      writeFileSync(join(other, name), readFileSync(join(project, name), "utf8").replace("index.ts", "index.js"));
    const { code, stderr } = run(other, "node", join(project, "node_modules", ".bin", "tierstack"), "plan", "mvp");
    expect(code).to.equal(2);
    expect(stderr).to.match(/^@pulumi\/pulumi: given two copies: [^\n]+; fix: [^\n]+\n$/);
  });
});

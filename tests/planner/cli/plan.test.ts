import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { testProject } from "../../support/project";
import { root, runCli } from "./support";

const run = (...argv: string[]) => runCli("plan", ...argv);

describe("npm run plan", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-plan-"));
    for (const file of readdirSync(testProject()).filter((name) => /^Pulumi\..*yaml$/.test(name)))
      cpSync(join(testProject(), file), join(folder, file));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("says every stack on a line", async () => {
    const { code, stdout, stderr } = await run();
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    const lines = stdout.trimEnd().split("\n");
    expect(lines.map((line) => line.split(/ +/)[0])).to.deep.equal([
      "stack",
      "local",
      "mvp",
      "startup",
      "growth",
      "scale",
    ]);
    expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(100);
  });

  for (const stack of ["local", "mvp", "startup", "growth", "scale"]) {
    it(`${stack}: the same JSON twice, and a tree within 100 columns`, async () => {
      const [first, second] = [await run(stack, "--format", "json"), await run(stack, "--format", "json")];
      expect(first.code).to.equal(0);
      expect(first.stdout).to.equal(second.stdout);
      const plan = JSON.parse(first.stdout);
      expect(plan).to.deep.include({ version: 1, project: "tierstack", stack });
      const paths = plan.resources.map(({ path }: { path: string }) => path);
      expect(paths).to.deep.equal([...paths].sort());
      for (const { path, parent } of plan.resources) if (parent !== null) expect(paths, path).to.include(parent);
      const tree = await run(stack);
      expect(Math.max(...tree.stdout.split("\n").map((line) => line.length))).to.be.at.most(100);
    });
  }

  it("writes into a file, and manifests into a folder", async () => {
    const out = join(folder, "below", "plan.json");
    expect(await run("growth", "--format", "json", "--out", out)).to.deep.equal({ code: 0, stdout: "", stderr: "" });
    expect(JSON.parse(readFileSync(out, "utf8")).stack).to.equal("growth");
    const { stdout } = await run("growth", "--manifests", join(folder, "objects"));
    const written = readdirSync(join(folder, "objects"));
    expect(stdout).to.match(new RegExp(`^${written.length} Kubernetes objects of growth written to `));
    expect(stdout).to.contain("not among them: tierstack/");
    expect(written).to.include("app-deployment.yaml");
  });

  /** Bad input: the arguments, what to spoil before, and the beginning of each line of the answer. */
  const bad: [what: string, argv: string[], spoil: (() => void) | undefined, lines: string[]][] = [
    ["an unknown stack", ["grwth"], undefined, ['stack: given "grwth"; allowed: local, mvp, startup, growth, scale;']],
    ["an unknown format", ["growth", "--format", "xml"], undefined, ["--format: given xml; allowed: tree, json;"]],
    ["a misspelt flag", ["growth", "--formt=json"], undefined, ["command line: given --formt; allowed: --format,"]],
    ["a flag without a value", ["growth", "--out="], undefined, ["--out: given nothing; allowed: a value;"]],
    ["two stacks", ["mvp", "growth"], undefined, ["command line: given growth; allowed: one stack;"]],
    [
      "a stack file that is not YAML",
      ["growth"],
      () => writeFileSync(join(folder, "Pulumi.growth.yaml"), "config: [\n"),
      ["Pulumi.growth.yaml:"],
    ],
    [
      "several bad settings at once",
      ["growth"],
      () =>
        writeFileSync(join(folder, "Pulumi.growth.yaml"), "config:\n  tierstack:teir: mvp\n  tierstack:region: mars\n"),
      ["tierstack:region: given", "tierstack:image: given nothing", "tierstack:teir: given an unknown key"],
    ],
  ];
  for (const [what, argv, spoil, lines] of bad) {
    it(`answers ${what} on stderr with 2, and no stack trace`, async () => {
      spoil?.();
      const { code, stdout, stderr } = await run(...argv, "--cwd", folder);
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
      const answers = stderr.trimEnd().split("\n");
      expect(answers.length).to.equal(lines.length);
      lines.forEach((line, at) => {
        expect(answers[at]).to.satisfy((answer: string) => answer.startsWith(line), `${answers[at]}`);
      });
      expect(stderr).to.not.match(/^\s+at /m);
    });
  }

  it("helps", async () => {
    const { code, stdout } = await run("--help");
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Usage: npm run plan/);
  });

  it("does not end well where the program waits for what never comes", () => {
    // The command itself, with such a program in the place of index.ts.
    const script = `
      const index = ${JSON.stringify(join(root, "index.ts"))};
      const random = require(${JSON.stringify(join(root, "node_modules/@pulumi/random"))});
      const hang = () => void new random.RandomPassword("a", { length: new Promise(() => {}) });
      require.cache[index] = Object.assign(new module.constructor(index), { loaded: true, exports: hang });
      process.argv.splice(2, 0, "plan", "growth");
      require(${JSON.stringify(join(root, "planner/cli/main.ts"))});
    `;
    writeFileSync(join(folder, "never.cjs"), script);
    const args = ["--import", "tsx", join(folder, "never.cjs")];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    expect({ status, stdout }).to.deep.equal({ status: 1, stdout: "" });
    expect(stderr).to.contain("the program never finished: an output never resolved; check for a dependency cycle\n");
  });

  it("ends a process with the code, and says nothing but the problem", () => {
    const args = ["--import", "tsx", "planner/cli/main.ts", "plan", "growth", "--cwd", folder];
    writeFileSync(join(folder, "Pulumi.growth.yaml"), "config:\n  tierstack:teir: mvp\n  tierstack:image: a:1\n");
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    expect({ status, stdout }).to.deep.equal({ status: 2, stdout: "" });
    expect(stderr).to.match(/^tierstack:teir: given an unknown key; [^\n]+ fix: did you mean tierstack:tier\?\n$/);
  });
});

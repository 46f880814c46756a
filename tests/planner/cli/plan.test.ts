import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { testProject } from "../../support/project";
import { root, runCli, runCliAt } from "./support";

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
    const table = lines.slice(0, lines.indexOf(""));
    expect(table.map((line) => line.split(/ +/)[0])).to.deep.equal([
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

  it("shows what breaks a policy, then says so and exits 1, as diff does", async () => {
    for (const name of ["platform", "node_modules"]) symlinkSync(join(root, name), join(folder, name));
    writeFileSync(
      join(folder, "index.ts"),
      `import * as aws from "@pulumi/aws";
      import { program } from "./platform/program";
      export = program(() => ({ uploads: new aws.s3.Bucket("uploads").bucket }));`,
    );
    const problem =
      "uploads protect: given false; allowed: true; fix: create it with protect and retainOnDelete, or set allowDestroy " +
      "to true to destroy the stack (docs/destroying.md) (policy data-protected)\n";
    const one = await runCliAt(folder, "plan", "growth");
    expect(one.stdout).to.contain("uploads");
    expect([one.code, one.stderr]).to.deep.equal([1, `growth: ${problem}`]);
    const every = await runCliAt(folder, "plan");
    expect(every.stdout.split("\n").indexOf("")).to.equal(6);
    const told = ["local", "mvp", "startup", "growth", "scale"].map((stack) => `${stack}: ${problem}`).join("");
    expect([every.code, every.stderr]).to.deep.equal([1, told]);
    const move = await runCliAt(folder, "diff", "growth", "scale");
    expect(move.stdout).to.contain("Data is safe");
    expect([move.code, move.stderr]).to.deep.equal([1, `growth: ${problem}`]);
  });

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

  it("reports every bad stack with its file, after the stacks that are fine", async () => {
    writeFileSync(join(folder, "Pulumi.mvp.yaml"), "config: [\n");
    writeFileSync(
      join(folder, "Pulumi.growth.yaml"),
      "config:\n  tierstack:tier: growth\n  tierstack:region: mars\n  tierstack:image: a:1\n  tierstack:queues: [{ name: a }, { name: a }]\n",
    );
    const { code, stdout, stderr } = await run("--cwd", folder);
    expect(code).to.equal(2);
    expect(
      stdout
        .slice(0, stdout.indexOf("\n\n"))
        .split("\n")
        .map((line) => line.split(" ")[0]),
    ).to.deep.equal(["stack", "local", "startup", "scale"]);
    const keys = stderr
      .trimEnd()
      .split("\n")
      .map((line) => line.split(": given ")[0]);
    expect(keys).to.deep.equal([
      "Pulumi.growth.yaml: tierstack:region",
      "Pulumi.growth.yaml: tierstack:apiAccessCidrs",
      "Pulumi.growth.yaml: tierstack:domain",
      "Pulumi.growth.yaml: tierstack:queues",
      "Pulumi.mvp.yaml:2",
    ]);
  });

  it("says that a folder has no stacks", async () => {
    for (const file of readdirSync(folder).filter((name) => name !== "Pulumi.yaml")) rmSync(join(folder, file));
    expect(await run("--cwd", folder)).to.deep.equal({
      code: 2,
      stdout: "",
      stderr: `stacks: given none in ${folder}; allowed: a folder with a Pulumi.STACK.yaml; fix: create one, or name another folder with --cwd\n`,
    });
    expect((await run("mvp", "--cwd", folder)).stderr).to.contain(
      "allowed: a stack with a file; fix: create Pulumi.mvp.yaml",
    );
  });

  it("shows no table where every stack is bad", async () => {
    for (const stack of ["local", "mvp", "startup", "growth", "scale"])
      writeFileSync(join(folder, `Pulumi.${stack}.yaml`), "- list\n");
    const { code, stdout, stderr } = await run("--cwd", folder);
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
    expect(stderr.match(/: given a list;/g)).to.have.length(5);
  });

  it("takes the stack as the Pulumi CLI does", async () => {
    expect((await run("-s", "local")).stdout.split(" ")[0]).to.equal("local");
    expect((await run("mvp", "--stack", "growth")).stderr).to.contain("given growth; allowed: one stack;");
  });

  /** Bad input: the arguments, what to spoil before, and the beginning of each line of the answer. */
  const bad: [what: string, argv: string[], spoil: (() => void) | undefined, lines: string[]][] = [
    ["an unknown stack", ["grwth"], undefined, ['stack: given "grwth"; allowed: local, mvp, startup, growth, scale;']],
    [
      "an unknown format",
      ["growth", "--format", "xml"],
      undefined,
      ["--format: given xml; allowed: tree, json, html, markdown, mermaid;"],
    ],
    ["a misspelt flag", ["growth", "--formt=json"], undefined, ["command line: given --formt; allowed: --format,"]],
    ["a flag without a value", ["growth", "--out="], undefined, ["--out: given nothing; allowed: a file;"]],
    [
      "a file of another format for every stack",
      ["--out", "plans.json"],
      undefined,
      ["--out: given plans.json, and no stack; allowed: a stack before a file of this format; fix: name a stack:"],
    ],
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
      [
        "tierstack:region: given",
        "tierstack:image: given nothing",
        "tierstack:teir: given an unknown key",
        "tierstack:apiAccessCidrs: given nothing",
      ],
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

  for (const width of [60, 80, 140])
    it(`fits a terminal of ${width} columns, and cuts nothing`, async () => {
      process.env.COLUMNS = `${width}`;
      try {
        for (const argv of [[], ["growth"], ["local"], ["growth", "--manifests", join(folder, "objects")]]) {
          const { stdout } = await run(...argv);
          for (const line of stdout.split("\n")) expect(line.length, line).to.be.at.most(width);
          expect(stdout).to.not.contain("…");
        }
      } finally {
        delete process.env.COLUMNS;
      }
    });

  it("ends with its code where nobody reads on, and with 2 where nothing can be written", () => {
    const command = (rest: string) =>
      spawnSync("bash", ["-c", `node --import tsx planner/cli/main.ts plan local ${rest}`], {
        cwd: root,
        encoding: "utf8",
      });
    const closed = command("| head -c 1; exit ${PIPESTATUS[0]}");
    expect([closed.status, closed.stdout, closed.stderr]).to.deep.equal([0, "l", ""]);
    const full = command("> /dev/full");
    expect([full.status, full.stderr]).to.deep.equal([
      2,
      "standard output: given a stream that cannot be written (ENOSPC); allowed: a terminal, pipe or file with room; fix: " +
        "choose another\n",
    ]);
  });

  it("says in one line that a file or folder cannot be written", async () => {
    const given = async (...argv: string[]) => {
      const { code, stdout, stderr } = await run("local", ...argv);
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
      return stderr;
    };
    expect(await given("--out", "/dev/full")).to.match(/^--out: given \/dev\/full \(ENOSPC\); [^\n]+\n$/);
    expect(await given("--out", "/proc/x/y")).to.match(/^--out: given \/proc\/x\/y \(E\w+\); [^\n]+\n$/);
    expect(await given("--manifests", "/proc/x/y")).to.match(/^--manifests: given \/proc\/x\/y \(E\w+\); [^\n]+\n$/);
  });

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
    writeFileSync(
      join(folder, "Pulumi.growth.yaml"),
      "config:\n  tierstack:teir: mvp\n  tierstack:image: a:1\n  tierstack:cluster: existing\n  tierstack:kubeconfig: a\n",
    );
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    expect({ status, stdout }).to.deep.equal({ status: 2, stdout: "" });
    expect(stderr).to.match(/^tierstack:teir: given an unknown key; [^\n]+ fix: did you mean tierstack:tier\?\n$/);
  });
});

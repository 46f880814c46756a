import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { emptyFolder, root, run, succeed } from "./support";

/** Copies the project, and renames it as a product does: in Pulumi.yaml and in the keys of its stack files. */
function renamedProject(name: string): string {
  const folder = emptyFolder("renamed");
  const left = ["node_modules", "out"];
  for (const entry of readdirSync(root).filter((one) => !left.includes(one) && !one.startsWith(".")))
    cpSync(join(root, entry), join(folder, entry), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  for (const file of readdirSync(folder).filter((one) => /^Pulumi\..*yaml$/.test(one))) {
    const text = readFileSync(join(folder, file), "utf8");
    writeFileSync(
      join(folder, file),
      text.replace(/^name: .*$/m, `name: ${name}`).replace(/^( +)tierstack:/gm, `$1${name}:`),
    );
  }
  return folder;
}

describe("a renamed project with one more stack", () => {
  let folder: string;

  before(() => {
    folder = renamedProject("shop");
    const stack = readFileSync(join(folder, "Pulumi.mvp.yaml"), "utf8");
    writeFileSync(join(folder, "Pulumi.staging.yaml"), stack);
  });

  it("keeps its name when files are generated, and only its own file changes", () => {
    const generate = ["--import", "tsx", "scripts/generate.ts"];
    // Pulumi.yaml is written first, without a word.
    expect(succeed(folder, "node", ...generate)).to.equal("");
    expect(readFileSync(join(folder, "Pulumi.yaml"), "utf8")).to.match(/^name: shop$/m);
    expect(run(folder, "node", ...generate, "--check")).to.deep.equal({ code: 0, stdout: "", stderr: "" });
  });

  it("is planned under its name", () => {
    const plan = succeed(
      folder,
      "node",
      "--import",
      "tsx",
      "planner/cli/main.ts",
      "plan",
      "staging",
      "--format",
      "json",
    );
    expect(JSON.parse(plan)).to.include({ project: "shop", stack: "staging", tier: "mvp" });
  });

  it("passes the tests that plan the project's stacks", () => {
    const files = ["tests/stacks/moves.test.ts", "tests/stacks/network-matrix.test.ts", "tests/planner/cli/*.test.ts"];
    const options = ["--no-config", "--reporter", "dot", "--timeout", "60000", "--require", "tests/support/setup.ts"];
    const mocha = ["--import", "tsx", "node_modules/mocha/bin/mocha.js", ...options, ...files];
    expect(succeed(folder, "node", ...mocha)).to.match(/ passing/);
  });
});

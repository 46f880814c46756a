import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { SettingsError } from "../../../config/problems";
import { loadProgram } from "../../../planner/cli/program";
import { root } from "./support";

describe("program of a folder", () => {
  let folder: string;

  const add = (file: string, text: string) => {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };

  const problemOf = (): string => {
    try {
      loadProgram(folder);
    } catch (error) {
      if (error instanceof SettingsError) return error.message;
      throw error;
    }
    return "none";
  };

  const rules =
    "allowed: a module that exports the program of tierstack, and reads no configuration while it loads; fix: write " +
    "`export = program(resources)`, and read configuration inside the function";

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "tierstack-program-")));
    add("Pulumi.yaml", "name: shop\nruntime: nodejs\nmain: main.cjs\n");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("is what the file in Pulumi.yaml exports", () => {
    add("main.cjs", "module.exports = () => 'shop';");
    expect(loadProgram(folder)(() => {})).to.equal("shop");
  });

  it("is index.ts by default", () => {
    add("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    expect(problemOf()).to.equal(
      "Pulumi.yaml: main: given index.ts, which does not exist; allowed: the file of the program; fix: correct main",
    );
  });

  it("is a function", () => {
    add("main.cjs", "module.exports = { url: 'https://shop.example.com' };");
    expect(problemOf()).to.equal(`Pulumi.yaml: main: given main.cjs, which exports no function; ${rules}`);
  });

  it("has its modules", () => {
    add("main.cjs", "require('not-installed'); module.exports = () => {};");
    expect(problemOf()).to.equal(
      "Pulumi.yaml: main: given main.cjs: Cannot find module 'not-installed'; allowed: a program whose modules are there; " +
        "fix: run npm ci, or correct the import",
    );
  });

  it("does not read configuration while it loads", () => {
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    add("main.cjs", "new (require('@pulumi/pulumi').Config)('unset').require('tier'); module.exports = () => {};");
    expect(problemOf()).to.equal(
      `Pulumi.yaml: main: given main.cjs: Missing required configuration variable 'unset:tier'; ${rules}`,
    );
  });

  it("shares the Pulumi SDK with the planner", () => {
    add("main.cjs", "module.exports = () => {};");
    add("node_modules/@pulumi/pulumi/package.json", '{ "name": "@pulumi/pulumi", "main": "index.js" }');
    add("node_modules/@pulumi/pulumi/index.js", "");
    expect(problemOf()).to.equal(
      `@pulumi/pulumi: given two copies: ${folder}/node_modules/@pulumi/pulumi/index.js and ` +
        `${require.resolve("@pulumi/pulumi")}; allowed: one copy, which the program and tierstack share; fix: use the ` +
        "version that tierstack asks for, then run npm dedupe",
    );
  });

  it("fails with its own error if it has a defect", () => {
    add("main.cjs", "throw new TypeError('a defect');");
    expect(() => loadProgram(folder)).to.throw(TypeError, "a defect");
  });
});

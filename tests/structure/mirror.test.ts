import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const root = join(__dirname, "..", "..");

/** Folders whose tests mirror them, file by file. Suites about whole stacks and real servers have folders of their own. */
const mirrored = ["components", "config", "ops", "platform", "planner", "policy", "scripts", "tiers", "workload"];

/** Paths of the tests of a folder, from the root. */
const testsBelow = (folder: string) =>
  readdirSync(join(root, "tests", folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join("tests", folder, file));

describe("tests mirror the tree", () => {
  for (const folder of mirrored)
    it(`${folder}/: each test stands where its source does`, () => {
      const tests = testsBelow(folder);
      const sources = (test: string) => {
        const path = test.replace(/^tests\//, "").replace(/\.test\.ts$/, "");
        return [`${path}.ts`, `${path}.sh`];
      };
      expect(tests).to.have.length.above(0);
      expect(tests.filter((test) => !sources(test).some((source) => existsSync(join(root, source))))).to.deep.equal([]);
    });
});

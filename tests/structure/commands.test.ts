import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { commands } from "../../planner/cli/run";

const root = join(__dirname, "..", "..");
const check = join(root, "scripts", "installed.cjs");

describe("commands", () => {
  it("of the planner check the packages first", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    for (const command of Object.keys(commands))
      expect(scripts[command], command).to.equal(
        `node scripts/installed.cjs && node --import tsx planner/cli/main.ts ${command}`,
      );
    const { status, stderr } = spawnSync("node", [check], { encoding: "utf8" });
    expect([status, stderr]).to.deep.equal([0, ""]);
  });

  it("of TypeScript, which Node starts with a package, check the packages first", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
    const unchecked = Object.entries(scripts).filter(
      ([, script]) => script.includes("--import tsx") && !script.startsWith("node scripts/installed.cjs && "),
    );
    // Run by npm itself while it packs.
    expect(unchecked.map(([name]) => name)).to.deep.equal(["build"]);
  });

  describe("without packages", () => {
    let folder: string;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "tierstack-installed-"));
      mkdirSync(join(folder, "scripts"));
      copyFileSync(check, join(folder, "scripts", "installed.cjs"));
      const packages = {
        dependencies: { "tierstack-a": "1", "tierstack-b": "1" },
        peerDependencies: { "@tierstack/c": "1" },
      };
      writeFileSync(join(folder, "package.json"), JSON.stringify(packages));
    });

    afterEach(() => rmSync(folder, { recursive: true }));

    const answer = () => {
      const { status, stderr } = spawnSync("node", [join(folder, "scripts", "installed.cjs")], { encoding: "utf8" });
      return [status, stderr];
    };
    const rest = "allowed: those of package-lock.json; fix: run npm ci\n";

    it("say so in one line", () => {
      expect(answer()).to.deep.equal([2, `node_modules: given no packages; ${rest}`]);
    });

    it("name those that are missing, and say nothing where none is", () => {
      mkdirSync(join(folder, "node_modules", "tierstack-a"), { recursive: true });
      expect(answer()).to.deep.equal([2, `node_modules: given no tierstack-b, @tierstack/c; ${rest}`]);
      mkdirSync(join(folder, "node_modules", "tierstack-b"));
      mkdirSync(join(folder, "node_modules", "@tierstack", "c"), { recursive: true });
      expect(answer()).to.deep.equal([0, ""]);
    });
  });
});

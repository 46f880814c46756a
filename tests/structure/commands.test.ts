import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
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

  it("say in one line that packages are missing", () => {
    const folder = mkdtempSync(join(tmpdir(), "tierstack-installed-"));
    try {
      copyFileSync(check, join(folder, "installed.cjs"));
      const { status, stderr } = spawnSync("node", [join(folder, "installed.cjs")], { encoding: "utf8" });
      expect(status).to.equal(2);
      expect(stderr).to.equal(
        "node_modules: given no packages; allowed: those of package-lock.json; fix: run npm ci\n",
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

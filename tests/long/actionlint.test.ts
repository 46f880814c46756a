import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const root = join(__dirname, "..", "..");
const version = "v1.7.12";
const folder = join(root, ".cache", `actionlint-${version}`);

/** Builds actionlint into the cache folder, once. Returns false without Go. */
function build(): boolean {
  if (existsSync(join(folder, "actionlint"))) return true;
  if (spawnSync("go", ["version"]).status !== 0) return false;
  mkdirSync(folder, { recursive: true });
  const target = `github.com/rhysd/actionlint/cmd/actionlint@${version}`;
  execFileSync("go", ["install", target], { env: { ...process.env, GOBIN: folder }, stdio: "pipe" });
  return true;
}

describe("workflows", () => {
  it("satisfy actionlint", function () {
    this.timeout(300_000);
    if (!build()) return this.skip();
    const { status, stdout } = spawnSync(join(folder, "actionlint"), ["-no-color"], { cwd: root, encoding: "utf8" });
    expect([stdout, status]).to.deep.equal(["", 0]);
  });
});

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";

const root = join(__dirname, "..", "..");

/** Runs the command where nothing listens. */
function run(...words: string[]) {
  const env = { PATH: process.env.PATH, REDIS_URL: "rediss://:secret@127.0.0.1:1" };
  const args = ["--import", "tsx", "workload/switch.ts", ...words];
  const { status, stdout, stderr } = spawnSync("node", args, { cwd: root, encoding: "utf8", env });
  return [status, stdout, stderr];
}

describe("the command that switches", () => {
  it("refuses wrong words in one line, with exit code 2, before it connects", () => {
    expect(run("mode", "closed")).to.deep.equal([
      2,
      "",
      "switch mode: given closed; allowed: normal, read-only, maintenance; fix: give one\n",
    ]);
  });

  it("fails without Redis, in one line without the password", () => {
    const [status, stdout, stderr] = run("off");
    expect([status, stdout]).to.deep.equal([1, ""]);
    expect(stderr).to.match(/^switch: Redis did not answer \(.+\); fix: run it again once it does\n$/);
    expect(stderr).not.to.contain("secret");
  });
});

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";

const root = join(__dirname, "..", "..");

describe("the workload's entry points", () => {
  for (const [file, missing] of [
    ["app", ["PORT", "DATABASE_URL", "DATABASE_READ_URL", "DATABASE_DIRECT_URL", "REDIS_URL", "REDIS_CLUSTER"]],
    ["migrate", ["DATABASE_DIRECT_URL"]],
    ["switch", ["REDIS_URL"]],
  ] as const)
    it(`${file}.ts tells what is missing, one line each, and exits with 2`, () => {
      const { status, stdout, stderr } = spawnSync("node", ["--import", "tsx", `workload/${file}.ts`], {
        cwd: root,
        encoding: "utf8",
        env: { PATH: process.env.PATH },
      });
      const lines = stderr.trim().split("\n");
      expect([status, stdout, lines.map((line) => line.split(":")[0])]).to.deep.equal([2, "", missing]);
      for (const line of lines) expect(line).to.match(/^\w+: given nothing; allowed: .+; fix: .+$/);
    });
});

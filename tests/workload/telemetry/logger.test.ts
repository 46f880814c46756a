import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";

const logger = JSON.stringify(join(__dirname, "../../../workload/telemetry/logger"));
const failures = JSON.stringify(join(__dirname, "../../../workload/failures"));

/** Runs a program with a logger. Returns the lines that it writes. */
function lines(program: string): Record<string, unknown>[] {
  const text = `const { createLogger } = require(${logger}); const { Unavailable } = require(${failures}); const log = createLogger({ LOG_LEVEL: "info" }); ${program}`;
  const { stdout, stderr, status } = spawnSync("node", ["--import", "tsx", "-e", text], { encoding: "utf8" });
  expect(status, stderr).to.equal(0);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("the log", () => {
  it("has a request's path without its query, and no header", () => {
    const [line] = lines(
      'log.info({ req: { id: "1", method: "GET", url: "/items?email=a", headers: { authorization: "Bearer t" } }, res: { statusCode: 200 } }, "request")',
    );
    expect(line).to.deep.include({
      level: "info",
      req: { id: "1", method: "GET", path: "/items" },
      res: { status: 200 },
      msg: "request",
    });
    expect(line).not.to.have.any.keys("pid", "hostname");
  });

  it("has where an error comes from, but not for every request while a store is down", () => {
    const [bug, down] = lines(
      'log.error({ err: Object.assign(new Error("wrong"), { code: "42P01", detail: "row a@b.example" }) }, "failed");' +
        'log.warn({ err: new Unavailable("read", { cause: new Error("refused") }) }, "failed")',
    ) as { err: Record<string, unknown> }[];
    expect(bug?.err).to.have.all.keys("name", "message", "code", "stack");
    expect(down?.err).to.deep.equal({ name: "Error", message: "read is not available", cause: "refused" });
  });
});

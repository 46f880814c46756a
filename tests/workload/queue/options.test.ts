import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { jobOptions, jobStates, priorities } from "../../../workload/queue/options";

const sql = readFileSync(join(__dirname, "..", "..", "..", "workload", "migrations", "0100_jobs.sql"), "utf8");

describe("what the queues' code and tables share", () => {
  /** The values that a column may have. */
  const allowed = (column: string) => {
    const check = new RegExp(`CHECK \\(${column} IN \\(([^)]*)\\)\\)`).exec(sql)?.[1];
    return check?.split(", ").map((value) => value.replace(/^'(.*)'$/, "$1"));
  };

  it("is the same: priorities and states", () => {
    expect(allowed("priority")).to.deep.equal(Object.keys(priorities));
    expect(allowed("state")).to.deep.equal([...jobStates]);
  });

  it("is five attempts, at most 15 seconds apart in all", () => {
    const { attempts, backoff } = jobOptions;
    expect([attempts, backoff]).to.deep.equal([5, { type: "exponential", delay: 1000, jitter: 0.5 }]);
  });
});

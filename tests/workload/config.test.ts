import { expect } from "chai";
import { processVariables, workerVariables } from "../../contract/environment";
import { ConfigError, loadConfig, ownVariables } from "../../workload/config";
import { environment as env } from "./fakes";

/** The problems of an environment, one a line. */
function problemsOf(variables: Record<string, string | undefined>): string[] {
  try {
    loadConfig(variables);
    return [];
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigError);
    return [...(error as ConfigError).problems];
  }
}

const fix = "fix: set the variable (docs/application.md)";

describe("the workload's configuration", () => {
  it("takes what the stack sets, with defaults for the rest", () => {
    expect(loadConfig(env)).to.deep.equal({
      ...env,
      PORT: 8080,
      LOG_LEVEL: "info",
      JOB_QUEUE: "default",
      SEARCH: "on",
      MODE: "normal",
      CACHE: "on",
      DATABASE_POOL_SIZE: 5,
      DRAIN_NOTICE_MS: 1000,
      DRAIN_MS: 25_000,
    });
  });

  it("ignores variables of others", () => {
    expect(loadConfig({ ...env, HOME: "/root" })).not.to.have.property("HOME");
  });

  it("tells every problem at once, one a line, and no value", () => {
    const given = {
      ...env,
      PORT: "0",
      DATABASE_URL: "mysql://app:secret@db/app",
      REDIS_URL: undefined,
      CACHE: "maybe",
    };
    expect(problemsOf(given)).to.deep.equal([
      `PORT: given a value that does not fit; allowed: Too small: expected number to be >=1; ${fix}`,
      `DATABASE_URL: given a value that does not fit; allowed: a postgres:// URL; ${fix}`,
      `REDIS_URL: given nothing; allowed: expected string; ${fix}`,
      `CACHE: given a value that does not fit; allowed: expected one of "on"|"off"; ${fix}`,
    ]);
  });

  const wrong: [string, string, string][] = [
    ["PORT", "65536", "Too big: expected number to be <=65535"],
    ["PORT", "http", "expected number"],
    ["REDIS_CLUSTER", "false", 'expected "true"'],
    ["LOG_LEVEL", "loud", 'expected one of "fatal"|"error"|"warn"|"info"|"debug"|"silent"'],
    ["MODE", "off", 'expected one of "normal"|"read-only"|"maintenance"'],
    ["DATABASE_POOL_SIZE", "0", "Too small: expected number to be >=1"],
    ["DATABASE_POOL_SIZE", "101", "Too big: expected number to be <=100"],
    ["DRAIN_NOTICE_MS", "-1", "Too small: expected number to be >=0"],
    ["DRAIN_NOTICE_MS", "60001", "Too big: expected number to be <=60000"],
    ["DRAIN_MS", "-1", "Too small: expected number to be >=0"],
    ["DRAIN_MS", "3600001", "Too big: expected number to be <=3600000"],
    ["PROVIDER_URL", "provider", "an http:// or https:// URL"],
  ];
  for (const [name, value, allowed] of wrong)
    it(`refuses ${name}=${value}`, () => {
      expect(problemsOf({ ...env, [name]: value })).to.deep.equal([
        `${name}: given a value that does not fit; allowed: ${allowed}; ${fix}`,
      ]);
    });

  it("has no variable of its own that the stack sets too", () => {
    const set = new Set([...Object.keys(processVariables.shape), ...Object.keys(workerVariables.shape)]);
    expect(Object.keys(ownVariables.shape).filter((name) => set.has(name))).to.deep.equal([]);
  });
});

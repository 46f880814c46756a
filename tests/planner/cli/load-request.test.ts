import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SettingsError } from "../../../config/problems";
import { requestOf } from "../../../planner/cli/load-request";
import { formatProblem } from "../../../tiers/problem";

const url = "https://app.example.com";

function problems(...argv: string[]): string[] {
  try {
    requestOf(argv);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.map(formatProblem);
  }
  return [];
}

describe("the command line of load", () => {
  it("has a stack and an address in either order, the first scenario and a minute", () => {
    for (const argv of [
      ["startup", url],
      [url, "startup"],
      [url, "-s", "startup"],
    ])
      expect(requestOf(argv).test).to.deep.include({
        target: { origin: url, base: "", headers: {} },
        stack: "startup",
        seconds: 60,
        rate: undefined,
        step: undefined,
        dryRun: false,
        yes: false,
      });
    expect(requestOf(["startup", url]).test?.scenario.name).to.equal("user-sessions");
  });

  it("has headers and metrics several times, and a staircase with shorter levels", () => {
    const argv = [url, "--step", "10", "--header", "Authorization: Bearer a:b", "--header=X-Two: 2"];
    const metrics = ["--metrics", "application=http://a/metrics", "--metrics", "database=http://b/metrics"];
    expect(requestOf([...argv, ...metrics, "--yes"]).test).to.deep.include({
      target: { origin: url, base: "", headers: { Authorization: "Bearer a:b", "X-Two": "2" } },
      stack: undefined,
      step: 10,
      seconds: 20,
      sources: [
        { resource: "application", url: "http://a/metrics" },
        { resource: "database", url: "http://b/metrics" },
      ],
      yes: true,
    });
  });

  it("shows a result again", () => {
    const { result, test, format } = requestOf(["some/result.json", "--out", "x.html"]);
    expect([result, test, format]).to.deep.equal(["some/result.json", undefined, "html"]);
  });

  it("says every mistake at once, without the value of a header", () => {
    const argv = ["--duration", "1", "--rate", "0", "--factor", "x", "--step", "1.5", "--header", "hunter2"];
    const said = problems(
      "startup",
      url,
      ...argv,
      "--metrics",
      "connections=http://a",
      "--scenario",
      "no",
      "--format",
      "xml",
    );
    expect(said).to.deep.equal([
      "--format: given xml; allowed: text, json, html; fix: choose one of them",
      "--header: given a header without a colon; allowed: a name, a colon and a value; fix: write --header 'Authorization: Bearer ...'",
      "--metrics: given connections=http://a; allowed: one of application, poolers, database, redis, then = and the address of its metrics; fix: write --metrics application=http://localhost:8080/metrics",
      "--duration: given 1; allowed: a whole number from 5 to 3600; fix: correct it",
      "--rate: given 0; allowed: a whole number from 1 to 20000; fix: correct it",
      "--factor: given x; allowed: a number from 0.01 to 100; fix: correct it",
      "--step: given 1.5; allowed: a whole number from 1 to 5000; fix: correct it",
      "--scenario: given no; allowed: user-sessions, webhook-bursts, bulk-sending, subscription-spikes; fix: choose one of them",
      "--factor: given --rate, --step or no stack; allowed: a multiple of the stack's load; fix: leave --factor out",
    ]);
    expect(problems("startup", url, "--header", "X-Key: a\u0007b").join()).not.to.contain("a\u0007b");
  });

  it("refuses what cannot be together, and what is missing", () => {
    const usage = "fix: write npm run load -- STACK https://..., or npm run load -- RESULT.json";
    expect(problems()).to.deep.equal([`command line: given nothing; allowed: a stack and an address; ${usage}`]);
    expect(problems("a", "b", url)).to.deep.equal([
      `command line: given a b ${url}; allowed: a stack and an address; ${usage}`,
    ]);
    expect(problems(url)).to.deep.equal([`command line: given no stack; allowed: a stack, or --rate; ${usage}`]);
    expect(problems(url, "--step", "20", "--rate", "10")).to.deep.equal([
      "--step: given 20; allowed: at most --rate 10; fix: lower it",
    ]);
    expect(problems(url, "--rate", "5", "--factor", "2")).to.deep.equal([
      "--factor: given --rate, --step or no stack; allowed: a multiple of the stack's load; fix: leave --factor out",
    ]);
    expect(problems("startup", "ftp://x")).to.deep.equal([
      "URL: given ftp://x; allowed: an address with https:// or http://; fix: write an address such as https://app.example.com",
    ]);
  });

  it("needs the secret that signs a scenario's requests, except to show what would be sent", () => {
    const argv = ["startup", url, "--scenario", "webhook-bursts"];
    const before = process.env.WEBHOOK_SECRET;
    delete process.env.WEBHOOK_SECRET;
    try {
      expect(problems(...argv)).to.deep.equal([
        "WEBHOOK_SECRET: given nothing; allowed: an environment variable with the secret that signs requests of the scenario; fix: run WEBHOOK_SECRET=... npm run load -- ...",
      ]);
      expect(problems(...argv, "--dry-run")).to.deep.equal([]);
      process.env.WEBHOOK_SECRET = "whsec_c2VjcmV0";
      expect(problems(...argv)).to.deep.equal([]);
    } finally {
      if (before === undefined) delete process.env.WEBHOOK_SECRET;
      else process.env.WEBHOOK_SECRET = before;
    }
  });

  it("takes a scenario of the user's, and no other beside it", () => {
    const folder = mkdtempSync(join(tmpdir(), "tierstack-request-"));
    try {
      const file = join(folder, "own.json");
      const phases = [{ share: 1, from: 1, to: 1 }];
      writeFileSync(file, JSON.stringify({ name: "own", what: "x", phases, steps: [{ name: "a", path: "/" }] }));
      expect(requestOf(["startup", url, "--file", file]).test?.scenario.name).to.equal("own");
      expect(problems("startup", url, "--file", file, "--scenario", "user-sessions")).to.deep.equal([
        "--file: given --scenario beside it; allowed: one of them; fix: leave one out",
      ]);
      writeFileSync(file, "{");
      expect(problems("startup", url, "--file", file)[0]).to.contain(
        "given a file that is not JSON; allowed: a scenario",
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

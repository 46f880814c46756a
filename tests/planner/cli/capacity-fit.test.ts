import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SettingsError } from "../../../config/problems";
import { assumedCoefficients, coefficientsSchema } from "../../../planner/capacity/coefficients";
import { readCoefficients } from "../../../planner/capacity/read";
import { capacityFitCommand } from "../../../planner/cli/capacity-fit";
import { formatProblem } from "../../../tiers/problem";

const points = [1, 2, 4, 8, 16].map((concurrency) => ({ concurrency, throughput: 200 * concurrency ** 0.9 }));
const good = { version: 1, date: "2026-11-20", resource: "connections", points };

describe("capacity:fit", () => {
  let folder: string;
  const file = (name: string) => join(folder, name);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-fit-"));
    writeFileSync(file("out.json"), "before");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function problems(content: unknown, argv = [file("result.json"), "--out", file("out.json")]) {
    writeFileSync(file("result.json"), typeof content === "string" ? content : JSON.stringify(content));
    try {
      await capacityFitCommand(argv);
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      expect(readFileSync(file("out.json"), "utf8")).to.equal("before");
      return error.problems.map((problem) => formatProblem(problem).replaceAll(`${folder}/`, ""));
    }
    return [];
  }

  it("writes coefficients that a plan reads, the same every time", async () => {
    expect(await problems(good)).to.deep.equal([]);
    const first = readFileSync(file("out.json"), "utf8");
    expect(coefficientsSchema.safeParse(JSON.parse(first)).success).to.equal(true);
    expect(readCoefficients(file("out.json")).measured).to.include({ file: "result.json", points: 5 });
    await problems(good);
    expect(readFileSync(file("out.json"), "utf8")).to.equal(first);
  });

  it("refuses gaps, unknown and negative values, each with its place", async () => {
    const at = (index: number, value: object) => ({
      ...good,
      points: points.map((point, where) => (where === index ? { ...point, ...value } : point)),
    });
    const fix = "fix: correct it (docs/capacity.md)";
    expect(await problems(at(2, { throughput: null }))).to.deep.equal([
      `result.json: points[2].throughput: given null; allowed: a number; ${fix}`,
    ]);
    expect(await problems(at(0, { throughput: -4, concurrency: 0 }))).to.deep.equal([
      `result.json: points[0].concurrency: given 0; allowed: above 0; ${fix}`,
      `result.json: points[0].throughput: given -4; allowed: above 0; ${fix}`,
    ]);
    expect(await problems(at(1, { errors: 3 }))).to.deep.equal([
      `result.json: points[1]: given the unknown key "errors"; allowed: the keys in docs/capacity.md; fix: remove it`,
    ]);
    expect(await problems({ ...at(1, { utilisation: { redis: 1.2 } }), sizes: { redis: 1 } })).to.deep.equal([
      `result.json: points[1].utilisation.redis: given 1.2; allowed: at most 1; ${fix}`,
    ]);
    expect(await problems({ ...good, points: {}, sizes: [] })).to.deep.equal([
      `result.json: sizes: given []; allowed: an object; ${fix}`,
      `result.json: points: given {}; allowed: an array; ${fix}`,
    ]);
    expect(await problems({ ...good, resource: "disk", version: 2 })).to.deep.equal([
      `result.json: version: given 2; allowed: 1; ${fix}`,
      `result.json: resource: given "disk"; allowed: application, poolers, database, connections, redis, requests; ${fix}`,
    ]);
  });

  it("refuses points that cannot tell the coefficients", async () => {
    const again = "fix: measure again";
    expect(await problems({ ...good, points: [...points.slice(0, 4), ...points.slice(0, 4)] })).to.deep.equal([
      `result.json: points: given 4 different concurrencies; allowed: at least 5 different concurrencies; ${again}`,
    ]);
    const without = points.map((point) => ({ ...point, utilisation: { redis: 0.5 } }));
    expect((await problems({ ...good, points: without }))[0]).to.equal(
      `result.json: points[0].utilisation.redis: given a utilisation without a size; allowed: sizes.redis beside it; ${again}`,
    );
    const slow = points.map((point, where) => ({
      ...point,
      latencyMs: where === 0 ? 50 : (1000 * point.concurrency) / point.throughput,
    }));
    expect(await problems({ ...good, points: slow })).to.deep.equal([
      `result.json: points[0].latencyMs: given 50; allowed: concurrency 1 / throughput 200, within 25 % (Little's law); ${again}`,
    ]);
  });

  it("refuses points that follow no law of scalability", async () => {
    const noise = [5, 9000, 2, 70000, 1, 30].map((throughput, at) => ({ concurrency: 4 * 2 ** at, throughput }));
    expect(await problems({ ...good, points: noise })).to.deep.equal([
      "result.json: points: given throughputs that the best fit misses by 4820000 % (root mean square); allowed: at most 25 %; " +
        "fix: measure again, each concurrency until its throughput is steady (docs/capacity.md)",
    ]);
  });

  it("refuses a date that no calendar has, and bad targets of a base, with what is allowed", async () => {
    const fix = "fix: correct it (docs/capacity.md)";
    expect(await problems({ ...good, date: "2026-13-45" })).to.deep.equal([
      `result.json: date: given "2026-13-45"; allowed: a date such as 2026-11-20; ${fix}`,
    ]);
    const base = structuredClone(assumedCoefficients);
    Object.assign(base.coefficients.cpuTarget, { low: 1, expected: 0 });
    writeFileSync(file("base.json"), JSON.stringify(base));
    const argv = [file("result.json"), "--coefficients", file("base.json"), "--out", file("out.json")];
    expect(await problems(good, argv)).to.deep.equal([
      `base.json: coefficients.cpuTarget.low: given 1; allowed: below 1; ${fix}`,
      `base.json: coefficients.cpuTarget.expected: given 0; allowed: above 0; ${fix}`,
    ]);
  });

  it("refuses files that are none of its own, and a wrong command line", async () => {
    expect(await problems("{")).to.deep.equal([
      "result.json: given a file that is not JSON; allowed: the result of a load test as JSON; fix: choose another file " +
        "(docs/capacity.md)",
    ]);
    expect((await problems(good, [file("none.json")]))[0]).to.contain(
      "none.json: given a file that cannot be read (ENOENT)",
    );
    expect(await problems(good, [])).to.deep.equal([
      "command line: given nothing; allowed: one result; fix: write npm run capacity:fit -- RESULT.json",
    ]);
    const base = [file("result.json"), "--coefficients", file("result.json"), "--out", file("out.json")];
    expect((await problems(good, base)).join("\n")).to.contain('given the unknown key "resource"');
  });
});

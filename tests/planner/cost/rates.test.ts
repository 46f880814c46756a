import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SettingsError } from "../../../config/problems";
import { assumed } from "../../../planner/cost/assumptions";
import { cataloguePrices } from "../../../planner/cost/prices";
import { readRates } from "../../../planner/cost/rates";
import { planStack } from "../../../planner/plan";
import { readProject, readStack } from "../../../planner/stacks";
import { formatProblem } from "../../../tiers/problem";
import { testProject } from "../../support/project";
import { runCli } from "../cli/support";

describe("prices and assumptions from files", () => {
  let folder: string;
  const file = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-rates-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const problemsOf = (files: Parameters<typeof readRates>[0]): string[] => {
    try {
      readRates(files);
      return [];
    } catch (error) {
      if (error instanceof SettingsError)
        return error.problems.map((problem) => formatProblem(problem).replaceAll(`${folder}/`, ""));
      throw error;
    }
  };

  it("move the sum by what they change", async () => {
    const project = readProject(testProject());
    const costOf = async (rates: ReturnType<typeof readRates>) =>
      (await planStack(project, readStack(project, "scale"), require("../../../index"), { rates })).plan.cost;
    const before = await costOf({});
    const nat = { id: "vpc.nat.hour", unit: "hour", usd: 0.055 };
    const dearer = await costOf(readRates({ prices: file("prices.json", [nat]) }));
    expect(dearer.monthlyUsd - before.monthlyUsd).to.be.closeTo(0.01 * 730, 0.001);
    const traffic = { id: "nat.gb", unit: "GB a month", values: 150 };
    const busier = await costOf(readRates({ assumptions: file("use.json", [traffic]) }));
    expect(busier.monthlyUsd - before.monthlyUsd).to.be.closeTo(100 * 0.045, 0.001);
  });

  it("may price a size that the catalogue lacks, in the unit of the others", () => {
    const id = "rds.pg.single.db.m7g.xlarge";
    expect(cataloguePrices.has(id)).to.equal(false);
    const { prices } = readRates({ prices: file("prices.json", [{ id, unit: "hour", usd: 0.337 }]) });
    expect(prices?.get(id)?.usd).to.equal(0.337);
  });

  it("price no size, volume or region that AWS does not have", () => {
    const ids = [
      "ec2.ondemand.c7g.2xlarge",
      "eks.auto.m7g.metal-16xl",
      "elasticache.valkey.cache.r7g.12xlarge",
      "rds.backup.eu-west-1.gb",
      "ebs.io2.gb",
    ];
    const units = { ebs: "GB-month", rds: "GB-month" } as Record<string, string>;
    const entries = ids.map((id) => ({ id, unit: units[id.split(".")[0] ?? ""] ?? "hour", usd: 1 }));
    expect(problemsOf({ prices: file("prices.json", entries) })).to.deep.equal([]);
    const wrong = ["rds.pg.single.db.t4g.smal", "ec2.ondemand.large", "ebs.gp4.gb", "xfer.region.eu-wst-1"];
    const found = problemsOf({
      prices: file(
        "wrong.json",
        wrong.map((id) => ({ id, unit: "hour", usd: 1 })),
      ),
    });
    expect(found.map((line) => line.split("; fix")[0])).to.deep.equal(
      wrong.map((id) => `wrong.json: id: given "${id}"; allowed: an id of the catalogue`),
    );
    expect(found[0]).to.match(/; fix: did you mean rds\.pg\.single\.db\.t4g\.small\?$/);
  });

  it("are refused with a date that there is not, without a unit, and with a share above the whole", () => {
    const entry = (asOf: unknown) => ({ id: "vpc.nat.hour", unit: "hour", usd: 1, asOf });
    for (const asOf of ["2026-11-30", "2024-02-29", "2026-11", null])
      expect(problemsOf({ prices: file("prices.json", [entry(asOf)]) }), String(asOf)).to.deep.equal([]);
    for (const asOf of ["2026-13-45", "2026-13", "2026-02-30", "2026-11-3", 2026])
      expect(problemsOf({ prices: file("prices.json", [entry(asOf)]) })).to.deep.equal([
        `prices.json: vpc.nat.hour.asOf: given ${JSON.stringify(asOf)}; allowed: a date as 2026-11-30 or 2026-11, or none; ` +
          "fix: correct the date",
      ]);
    expect(problemsOf({ prices: file("prices.json", [{ id: "vpc.nat.hour", usd: 1 }]) })).to.deep.equal([
      'prices.json: vpc.nat.hour.unit: given nothing; allowed: "hour"; fix: write "unit": "hour"',
    ]);
    const ratio = { id: "dump.ratio", unit: "share of the data" };
    const spot = { id: "spot.pricePercent", unit: "% of the on-demand price" };
    const use = (...values: unknown[]) =>
      problemsOf({
        assumptions: file(
          "use.json",
          [ratio, spot].map((one, at) => ({ ...one, values: values[at] })),
        ),
      });
    expect(use(1, 100)).to.deep.equal([]);
    expect(use(50, { low: 30, expected: 50, high: 101 }).map((line) => line.split(", or")[0])).to.deep.equal([
      "use.json: dump.ratio.values: given 50; allowed: a number from 0 to 1",
      'use.json: spot.pricePercent.values: given {"low":30,"expected":50,"high":101}; allowed: a number from 0 to 100',
    ]);
  });

  it("may name the region of a price, and drops none that it does not name", () => {
    const path = file("prices.json", [
      { id: "vpc.nat.gb", unit: "GB", usd: 1, region: "eu-central-1" },
      { id: "vpc.nat.hour", unit: "hour", usd: 1 },
    ]);
    const { prices } = readRates({ prices: path });
    const regions = ["vpc.nat.gb", "vpc.nat.hour", "kms.key"].map((id) => prices?.get(id)?.region);
    expect(regions).to.deep.equal(["eu-central-1", undefined, "us-east-1"]);
  });

  it("may give levels, or levels by tier", () => {
    const levels = { low: 1, expected: 2, high: 3 };
    const values = { mvp: levels, startup: 5, growth: 6, scale: 7 };
    const path = file("use.json", [{ id: "nat.gb", unit: "GB a month", values }]);
    const { assumptions } = readRates({ assumptions: path });
    if (!assumptions) throw new Error("no assumptions");
    expect(assumed(assumptions, "nat.gb", "mvp")).to.deep.equal(levels);
    expect(assumed(assumptions, "nat.gb", "scale").high).to.equal(7);
  });

  it("are refused with every problem at once", () => {
    const prices = file("prices.json", [
      { id: "vpc.nat.hours", unit: "hour", usd: 1 },
      { id: "vpc.nat.hour", unit: "month", usd: -1 },
      { id: "vpc.nat.gb", unit: "GB", region: "eu-centrl-1" },
      { id: "vpc.nat.gb", unit: "GB", usd: 1 },
    ]);
    const assumptions = file("use.json", [
      { id: "nat.gb", unit: "GB a month", values: { low: 3, expected: 2, high: 4 } },
      { id: "nothing.like.it", unit: "GB", values: 1 },
    ]);
    expect(problemsOf({ prices, assumptions })).to.deep.equal([
      'prices.json: id: given "vpc.nat.hours"; allowed: an id of the catalogue; fix: did you mean vpc.nat.hour?',
      'prices.json: vpc.nat.hour.unit: given "month"; allowed: "hour"; fix: convert the figure to this unit',
      "prices.json: vpc.nat.hour.usd: given -1; allowed: a number from 0, in USD; fix: write the price of one hour",
      "prices.json: vpc.nat.gb.usd: given nothing; allowed: a number from 0, in USD; fix: write the price of one GB",
      'prices.json: vpc.nat.gb.region: given "eu-centrl-1"; allowed: a region of AWS that a stack can have, or none; fix: ' +
        "did you mean eu-central-1?",
      "prices.json: id: given vpc.nat.gb twice; allowed: each id once; fix: remove one of them",
      'use.json: nat.gb.values: given {"low":3,"expected":2,"high":4}; allowed: a number from 0, or { low, expected, high } ' +
        "in ascending order, or one of them for each of mvp, startup, growth, scale; fix: correct the figures",
      'use.json: id: given "nothing.like.it"; allowed: an id of the catalogue; fix: remove the entry',
    ]);
  });

  it("are refused where a file is no list, no JSON or not there", async () => {
    const rest = "allowed: a JSON list of objects, as in planner/catalogues/; fix: correct the file, or name another";
    expect(problemsOf({ prices: file("a.json", {}), assumptions: file("b.json", "[") })).to.deep.equal([
      `--prices a.json: given JSON of another form; ${rest}`,
      `--assumptions b.json: given a file that is not JSON; ${rest}`,
    ]);
    const missing = join(folder, "missing.json");
    expect(await runCli("plan", "mvp", "--prices", missing)).to.deep.equal({
      code: 2,
      stdout: "",
      stderr: `--prices ${missing}: given a file that cannot be read (ENOENT); ${rest}\n`,
    });
  });
});

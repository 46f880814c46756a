/** The exporter of CloudWatch's figures, with the configuration and the rights of a stack, against a stand-in of AWS. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse, stringify } from "yaml";
import { inventory } from "../../components/observability/inventory";
import { parseMetrics } from "../../planner/load/prometheus";
import { tierNames, tiers } from "../../tiers";
import { observabilityContainers } from "../../tiers/observability";
import { metricStatistics, type StatisticsRequest } from "../support/cloudwatch/statistics";
import { exporter, goIsThere } from "../support/exporters";
import { MemoryCgroup } from "./support/cgroup";
import { CloudWatchExporter, cloudwatchOf, type Given } from "./support/cloudwatch-exporter";
import { until } from "./support/instance";

const withRole = tierNames.filter((tier) => tiers[tier].observability.cloudwatch);

/** Names of the series of a page. */
const namesOf = (page: string) => [...parseMetrics(page).keys()].sort();

interface Job {
  name: string;
  namespace: string;
  regions: string[];
  dimensions: { name: string; value: string }[];
  metrics: { name: string; statistics: string[] }[];
}

const jobsOf = ({ config }: Given): Job[] => parse(config).static;

describe("CloudWatch's figures, by their exporter", function () {
  // The first run builds it.
  this.timeout(600_000);
  let folder: string;
  let running: CloudWatchExporter | undefined;

  before(function () {
    if (!goIsThere()) {
      console.log("    skipped: go not found (Debian: golang)");
      return this.skip();
    }
    exporter("yace");
    folder = mkdtempSync(join(tmpdir(), "tierstack-cloudwatch-"));
  });

  afterEach(async () => {
    await running?.close();
    running = undefined;
  });

  after(() => folder && rmSync(folder, { recursive: true }));

  const start = async (given: Given, options?: Parameters<typeof CloudWatchExporter.start>[2]) => {
    running = await CloudWatchExporter.start(folder, given, options);
    return running;
  };

  for (const tier of withRole)
    it(`${tier}: each figure of each resource is asked for once, in its region, and has a series`, async () => {
      const given = await cloudwatchOf(tier);
      const { api, ...own } = await start(given);
      const page = await (running as CloudWatchExporter).page();
      const jobs = jobsOf(given);
      const wanted = jobs.flatMap(({ regions, dimensions, metrics }) =>
        metrics.map(({ name }) => `${regions} ${name} ${dimensions.map(({ value }) => value)}`),
      );
      const figures = api.asked.filter(({ action }) => action === "cloudwatch:GetMetricStatistics");
      const asked = figures.map(
        ({ region, request }) => `${region} ${request?.MetricName} ${request?.Dimensions?.map(({ Value }) => Value)}`,
      );
      expect(asked.sort()).to.deep.equal(wanted.sort());
      expect(figures.filter(({ refused }) => refused)).to.deep.equal([]);
      const series = [...parseMetrics(page)]
        .filter(([name]) => name.startsWith("aws_"))
        .flatMap(([, values]) => values);
      expect(series, own.log).to.have.length(wanted.length);
      expect([...new Set(series.map(({ labels }) => /,name="([^"]*)"/.exec(labels)?.[1]))].sort()).to.deep.equal(
        jobs.map(({ name }) => name).sort(),
      );
    });

  it("asks for nothing else that its role would have to allow, and logs nothing", async () => {
    const { api, log, page } = await startWithPage(await cloudwatchOf("growth", false));
    expect(page).to.contain("aws_rds_cpuutilization_average");
    const others = api.asked.filter(({ action }) => action !== "cloudwatch:GetMetricStatistics");
    expect([...new Set(others.map(({ action, refused = "" }) => `${action} ${refused}`.trim()))].sort()).to.deep.equal([
      // The name of the account. The exporter goes on without.
      "iam:ListAccountAliases AccessDenied",
      "sts:GetCallerIdentity",
    ]);
    expect(log).to.equal("");
  });

  async function startWithPage(given: Given, options?: Parameters<typeof CloudWatchExporter.start>[2]) {
    const own = await start(given, options);
    const page = await own.page();
    return { page, api: own.api, log: own.log };
  }

  it("exports the names of the inventory", async () => {
    const given = await cloudwatchOf("growth");
    const { page } = await startWithPage(given);
    await running?.close();
    // Its counter of errors is there once there is one.
    const refused = await start({ ...given, policy: { Version: "2012-10-17", Statement: [] } });
    const names = [...namesOf(page), ...namesOf(await refused.page("request_errors"))];
    expect([...new Set(names)].sort()).to.deep.equal(inventory.cloudwatch.metrics);
    expect(refused.log).to.contain("AccessDenied");
  });

  it("would end with a percentile of a named resource, which is why none is configured", async () => {
    const { policy, config } = await cloudwatchOf("growth");
    const parsed = parse(config);
    for (const { metrics } of parsed.static as Job[]) for (const metric of metrics) metric.statistics = ["p95"];
    const own = await start({ policy, config: stringify(parsed) });
    await until(
      () => own.process.exitCode !== null,
      () => own.log,
      30,
    );
    expect(own.log).to.contain("index out of range [0] with length 0");
  });

  it("takes less than its limit with the figures of the largest tier, a look a second", async function () {
    const limit = observabilityContainers.cloudwatchExporter.memoryMiB;
    const cgroup = MemoryCgroup.create(limit);
    if (!cgroup) {
      console.log(`      ${MemoryCgroup.missing}`);
      return this.skip();
    }
    const given = await cloudwatchOf("scale");
    const environment = { GOMEMLIMIT: `${Math.floor(limit * 0.8)}MiB` };
    const own = await start(given, { flags: ["--scraping-interval=1"], environment, cgroup });
    const figures = jobsOf(given).flatMap(({ metrics }) => metrics).length;
    await until(
      async () => (await own.page()) !== "" && own.api.asked.length > 60 * figures,
      () => `${own.api.asked.length} requests, ${own.log}`,
      200,
    );
    const { kills, peakMiB } = cgroup;
    await own.close();
    running = undefined;
    await cgroup.remove();
    expect({ kills, peakMiB }).to.have.property("kills", 0);
    console.log(`      at most ${peakMiB.toFixed(0)} of ${limit} MiB`);
  });
});

describe("CloudWatch's stand-in", () => {
  const now = new Date("2026-11-30T12:00:30Z");
  const request = (given: Partial<StatisticsRequest> = {}): StatisticsRequest => ({
    Namespace: "AWS/RDS",
    MetricName: "CPUUtilization",
    Dimensions: [{ Name: "DBInstanceIdentifier", Value: "primary" }],
    StartTime: new Date("2026-11-30T11:55:30Z"),
    EndTime: now,
    Period: 300,
    Statistics: ["Average"],
    ...given,
  });
  const datapoints = (given: Partial<StatisticsRequest>, region = "eu-west-1") =>
    (metricStatistics(request(given), region, now) as { Datapoints: object[] }).Datapoints.length;

  it("has data of what AWS publishes, under its dimensions and in its region only", () => {
    // The fifth minute is on its way, and the period that has begun with it too.
    expect(datapoints({})).to.equal(1);
    const edge = {
      Namespace: "AWS/CloudFront",
      MetricName: "Requests",
      Dimensions: [
        { Name: "DistributionId", Value: "E1" },
        { Name: "Region", Value: "Global" },
      ],
    };
    expect(datapoints(edge, "us-east-1")).to.equal(1);
    expect(datapoints(edge)).to.equal(0);
    expect(datapoints({ MetricName: "CpuUtilization" })).to.equal(0);
    expect(datapoints({ Dimensions: [] })).to.equal(0);
    expect(datapoints({ Dimensions: [{ Name: "DBClusterIdentifier", Value: "primary" }] })).to.equal(0);
  });

  const refusals: Record<string, [given: Partial<StatisticsRequest>, code: string]> = {
    "no statistics": [{ Statistics: [] }, "MissingParameter"],
    "both kinds of statistics": [{ ExtendedStatistics: ["p95"] }, "InvalidParameterCombination"],
    "a statistic that there is none of": [{ Statistics: ["Median"] }, "InvalidParameterValue"],
    "a percentile that is none": [{ Statistics: [], ExtendedStatistics: ["p101"] }, "InvalidParameterValue"],
    "a period of half a minute": [{ Period: 30 }, "InvalidParameterValue"],
    "a period of 90 seconds": [{ Period: 90 }, "InvalidParameterValue"],
    "an end before the start": [{ StartTime: now, EndTime: new Date(0) }, "InvalidParameterValue"],
    "1,441 values": [{ StartTime: new Date(now.getTime() - 1441 * 60_000), Period: 60 }, "InvalidParameterCombination"],
    "31 dimensions": [
      { Dimensions: Array.from({ length: 31 }, (_, at) => ({ Name: `${at}`, Value: "x" })) },
      "InvalidParameterValue",
    ],
    "a dimension without a value": [{ Dimensions: [{ Name: "LoadBalancer", Value: "" }] }, "InvalidParameterValue"],
  };
  for (const [what, [given, code]] of Object.entries(refusals))
    it(`refuses ${what}`, () => {
      expect(() => datapoints(given))
        .to.throw()
        .with.property("code", code);
    });

  it("answers 1,440 values at most", () => {
    expect(datapoints({ StartTime: new Date(now.getTime() - 1440 * 60_000), Period: 60 })).to.be.above(1400);
  });
});

import { output } from "@pulumi/pulumi";
import { expect } from "chai";
import { conditionArgs, descriptionOf, labelOf, thresholdOf } from "../../../components/alarms/metric-alarm";
import type { AlarmRule } from "../../../components/alarms/rule";
import { alarmRules } from "../../../components/alarms/rules";
import { type Watched, type WatchedKind, watchedKinds } from "../../../components/support/watched";

const ruleOf = (kind: WatchedKind, name: string) => alarmRules[kind].find((rule) => rule.name === name) as AlarmRule;

const database: Watched = {
  kind: "database",
  name: "primary",
  dimensions: { DBInstanceIdentifier: "shop-primary" },
  maxConnections: 198,
  storageGiB: 20,
};
const node = (vcpus: number): Watched => ({ kind: "cache", name: "0", dimensions: { CacheClusterId: "shop" }, vcpus });
const balancer: Watched = { kind: "load-balancer", dimensions: { LoadBalancer: "app/shop/0123" } };

describe("conditionArgs", () => {
  it("watches one metric, by its dimensions and in seconds", () => {
    expect(conditionArgs(ruleOf("database", "cpu"), database)).to.deep.equal({
      comparisonOperator: "GreaterThanThreshold",
      threshold: 70,
      evaluationPeriods: 2,
      treatMissingData: "notBreaching",
      namespace: "AWS/RDS",
      metricName: "CPUUtilization",
      dimensions: { DBInstanceIdentifier: "shop-primary" },
      period: 300,
      statistic: "Average",
    });
  });

  it("takes thresholds from the size of what is watched, rounded towards the alarm", async () => {
    const thresholdIn = (rule: AlarmRule, watched: Watched) =>
      new Promise((resolve) => output(thresholdOf(rule, watched)).apply(resolve));
    // 83 % of 198 are 164.34; 10 % of 20 GiB.
    expect(await thresholdIn(ruleOf("database", "connections"), database)).to.equal(164);
    expect(await thresholdIn(ruleOf("database", "storage"), database)).to.equal(2 * 1024 ** 3);
    expect(await thresholdIn(ruleOf("database", "storage"), { ...database, storageGiB: output(500) })).to.equal(
      50 * 1024 ** 3,
    );
  });

  it("watches the node of a cache up to two vCPUs, and the engine alone on a larger one", () => {
    const watchedOf = (vcpus: number) =>
      alarmRules.cache
        .filter(({ name, when }) => name === "cpu" && when?.(node(vcpus)))
        .map((rule) => conditionArgs(rule, node(vcpus)))
        .map(({ metricName, threshold }) => [metricName, threshold]);
    expect(watchedOf(1)).to.deep.equal([["CPUUtilization", 90]]);
    expect(watchedOf(2)).to.deep.equal([["CPUUtilization", 45]]);
    expect(watchedOf(4)).to.deep.equal([["EngineCPUUtilization", 70]]);
  });

  it("calculates a figure, of which CloudWatch returns one alone", () => {
    const metric = (id: string, metricName: string) => ({
      id,
      metric: {
        namespace: "AWS/ApplicationELB",
        metricName,
        dimensions: { LoadBalancer: "app/shop/0123" },
        period: 300,
        stat: "Sum",
      },
      returnData: false,
    });
    expect(conditionArgs(ruleOf("load-balancer", "errors"), balancer)).to.deep.equal({
      comparisonOperator: "GreaterThanThreshold",
      threshold: 1,
      evaluationPeriods: 2,
      treatMissingData: "notBreaching",
      metricQueries: [
        {
          id: "figure",
          expression: "100 * (FILL(pods, 0) + FILL(balancer, 0)) / (FILL(requests, 0) + FILL(balancer, 0))",
          label: "figure",
          returnData: true,
        },
        metric("pods", "HTTPCode_Target_5XX_Count"),
        metric("balancer", "HTTPCode_ELB_5XX_Count"),
        metric("requests", "RequestCount"),
      ],
    });
  });

  it("asks for a percentile, which a few requests do not decide", () => {
    const args = conditionArgs(ruleOf("load-balancer", "slow"), balancer);
    expect(args).to.include({ extendedStatistic: "p95", evaluateLowSampleCountPercentiles: "ignore", threshold: 3 });
    expect(args).to.not.have.property("statistic");
  });
});

describe("alarms of every kind", () => {
  const all = watchedKinds.flatMap((kind) => alarmRules[kind].map((rule) => ({ kind, rule })));

  it("have names of their own, and a description within what CloudWatch takes", () => {
    for (const vcpus of [2, 4]) {
      const labels = all
        .map(({ kind, rule }) => ({ rule, watched: { kind, dimensions: {}, burstable: true, replica: true, vcpus } }))
        .filter(({ rule, watched }) => rule.when?.(watched) ?? true)
        .map(({ rule, watched }) => labelOf(rule, watched));
      expect(new Set(labels).size).to.equal(labels.length);
    }
    for (const { rule } of all) {
      const description = descriptionOf(rule);
      expect(description).to.match(/^[A-Z].*\. Look first at .*\. More: docs\/alarms\.md$/);
      expect(description).to.not.contain("`");
      expect(description.length).to.be.below(1024);
    }
  });

  it("tell of a backup that is missing or late, of a gap, and of a node that says nothing", () => {
    const backups: Watched = { kind: "backup", namespace: "shop/mvp", dimensions: {} };
    const ofStack = { namespace: "shop/mvp", dimensions: {}, period: 300 };
    const nightly = {
      ...ofStack,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 93_600,
      evaluationPeriods: 1,
      treatMissingData: "ignore",
      statistic: "Maximum",
    };
    expect(alarmRules.backup.map((rule) => conditionArgs(rule, backups))).to.deep.equal([
      { ...nightly, metricName: "dump" },
      { ...nightly, metricName: "base" },
      {
        comparisonOperator: "GreaterThanThreshold",
        threshold: 900,
        evaluationPeriods: 3,
        treatMissingData: "breaching",
        metricQueries: [
          { id: "figure", expression: "FILL(waits, 901)", label: "figure", returnData: true },
          { id: "waits", metric: { ...ofStack, metricName: "log", stat: "Minimum" }, returnData: false },
        ],
      },
    ]);
  });

  it("evaluate within a day, over periods that CloudWatch has", () => {
    for (const { kind, rule } of all) {
      expect(rule.period * rule.periods, `${kind} ${rule.name}`).to.be.within(1, 24 * 60);
      expect(Number.isInteger(rule.periods), `${kind} ${rule.name}`).to.equal(true);
    }
  });

  it("fire on a lack of data only where what gives the data is gone", () => {
    const breaching = all.filter(({ rule }) => rule.missing === "breaching");
    expect(breaching.map(({ kind, rule }) => `${kind}-${rule.name}`)).to.deep.equal([
      "node-down",
      "heartbeat-missing",
      "backup-log",
    ]);
    // CloudWatch looks for missing data further back than the periods: a gap counts at once.
    for (const { rule } of breaching) {
      const { metricQueries = [] } = conditionArgs(rule, { kind: "node", dimensions: {} });
      const [{ expression = "" } = {}] = metricQueries as { expression?: string }[];
      const value = Number(/^FILL\(\w+, (\d+)\)$/.exec(expression)?.[1]);
      const threshold = rule.threshold as number;
      expect({ ">": value > threshold, ">=": value >= threshold, "<": value < threshold }[rule.is]).to.equal(true);
    }
  });
});

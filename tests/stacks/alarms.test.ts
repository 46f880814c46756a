import { expect } from "chai";
import type { SettingsInput } from "../../config/schema";
import { unknownProperties } from "../../planner/record/properties";
import { planTier } from "../../scripts/tier-plan";
import { type Tier, tierNames, tiers } from "../../tiers";
import { recordedPlatform } from "../support/platform";
import type { Recorded } from "../support/record";
import { completeMail, onAws, onExisting, problemsOf } from "../support/settings";

const alertEmail = "ops@example.com";
const root = "tierstack/alarms/";

const namesIn = ({ paths }: Recorded) =>
  paths.filter((path) => path.startsWith(root)).map((path) => path.slice(root.length));

const topic = ["topic", "topic-mail", "topic-policy"];
const always = ["budget", ...topic];
const instance = (name: string, ...more: string[]) =>
  ["connections", "cpu", "credits", "storage", ...more].map((alarm) => `database-${name}-${alarm}`);
const cacheNodes = (count: number) =>
  Array.from({ length: count }, (_, at) =>
    ["cpu", "credits", "lag", "memory"].map((alarm) => `cache-${at}-${alarm}`),
  ).flat();
const edge = ["certificate-viewer-expiry", "edge-errors"];
const node = ["node-cpu", "node-credits", "node-down"];
const backups = ["backup-base", "backup-dump", "backup-log"];
const cluster = ["cluster-pods-wait", "load-balancer-errors", "load-balancer-slow", "targets-unhealthy"];

/** The alarms of each tier. */
const expected: Record<Tier, string[]> = {
  mvp: [...edge, ...node, ...backups],
  startup: [...edge, ...node, ...instance("primary"), ...cacheNodes(2)],
  growth: [...edge, ...cluster, ...instance("primary"), ...instance("replica-0", "lag"), ...cacheNodes(2)],
  scale: [
    ...edge,
    ...cluster,
    ...instance("primary"),
    ...instance("replica-0", "lag"),
    ...instance("replica-1", "lag"),
    ...cacheNodes(6),
    "nat-0-ports",
  ],
};

describe("alarms of AWS", () => {
  for (const tier of tierNames) {
    it(`${tier}: watch what the tier has, and nothing without an address`, async () => {
      const run = await recordedPlatform({ ...onAws, tier, alertEmail });
      expect(run.problems).to.deep.equal([]);
      expect(run.resources.flatMap(unknownProperties)).to.deep.equal([]);
      expect(namesIn(run)).to.deep.equal([...expected[tier], ...always].sort());
      expect(run.inputs(`${root}topic-mail`).endpoint).to.equal(alertEmail);
      const without = await recordedPlatform({ ...onAws, tier });
      expect(without.paths.filter((path) => path.includes("alarms"))).to.deep.equal([]);
      expect(run.paths.filter((path) => !path.startsWith("tierstack/alarms"))).to.deep.equal(without.paths);
    });

    it(`${tier}: with every computed output unknown, there are as many`, async () => {
      const run = await recordedPlatform({ ...onAws, tier, alertEmail }, { preview: true });
      expect(run.problems).to.deep.equal([]);
      expect(namesIn(run)).to.deep.equal([...expected[tier], ...always].sort());
    });

    it(`${tier}: stays within its budget with them; the first ten metrics are free`, async () => {
      const { cost } = (await planTier(tier, { alertEmail })).plan;
      const { to, accepted } = tiers[tier].budgetUsd;
      expect(cost.monthlyUsd).to.be.at.most(accepted?.upToUsd ?? to);
      expect(cost.notCounted.filter((text) => /alarms/.test(text))).to.deep.equal([]);
      const paid = cost.items
        .filter(({ priceId }) => priceId === "cw.alarm.standard")
        .reduce((sum, { quantity }) => sum + quantity, 0);
      // That of the load balancer's errors reads three.
      const metrics = expected[tier].length + (expected[tier].includes("load-balancer-errors") ? 2 : 0);
      expect(paid).to.equal(Math.max(0, metrics - 10));
    });
  }

  for (const tier of tierNames)
    it(`${tier}: has a budget that a month as planned does not exceed, and to which 80 % would be no news`, async () => {
      const limit = { mvp: 12, startup: 100, growth: 300, scale: 1000 }[tier];
      const { cost, resources } = (await planTier(tier, { alertEmail })).plan;
      const [budget] = resources.filter(({ type }) => type === "aws:budgets/budget:Budget");
      if (!budget) throw new Error("no budget");
      expect(budget.inputs.limitAmount).to.equal(String(limit));
      const thresholds = (budget.inputs.notifications as { threshold: number }[]).map(({ threshold }) => threshold);
      expect(thresholds).to.deep.equal([100, 100]);
      expect(cost.monthlyUsd).to.be.within(limit * 0.8, limit);
    });

  it("have the budget that the user sets, and say at 80 % what the month will be", async () => {
    const run = await recordedPlatform({ ...onAws, alertEmail, budgetUsd: 40 });
    const { limitAmount, notifications } = run.inputs(`${root}budget`);
    expect(limitAmount).to.equal("40");
    expect(
      notifications.map(({ notificationType, threshold }: Record<string, unknown>) => [notificationType, threshold]),
    ).to.deep.equal([
      ["FORECASTED", 80],
      ["ACTUAL", 100],
    ]);
  });

  it("have a budget of the account, apart from that of the plan, or none", async () => {
    const run = await recordedPlatform({ ...onAws, alertEmail, budgetUsd: 40, accountBudgetUsd: 400 });
    expect(run.inputs(`${root}budget`).limitAmount).to.equal("400");
    const { cost } = (await planTier("mvp", { alertEmail, accountBudgetUsd: 400 })).plan;
    expect([cost.budgetUsd, cost.accepted?.upToUsd]).to.deep.equal([
      tiers.mvp.budgetUsd.to,
      tiers.mvp.budgetUsd.accepted?.upToUsd,
    ]);
    const none = namesIn(await recordedPlatform({ ...onAws, alertEmail, accountBudgetUsd: 0 }));
    expect(none).to.deep.equal([...expected.mvp, ...topic].sort());
  });

  it("have the budget that the dashboard of the costs shows", async () => {
    const stack: SettingsInput = { ...onAws, tier: "mvp", nodes: { instanceTypes: ["t4g.medium"], dataVolumeGiB: 20 } };
    const shown = async (more: SettingsInput) => {
      const run = await recordedPlatform({ ...stack, ...more, alertEmail, observability: { enabled: true } });
      const { templating } = JSON.parse(run.inputs("tierstack/observability/dashboards").data["money.json"]);
      const variables = templating.list.map(({ name, query }: Record<string, unknown>) => [name, query]);
      return [new Map(variables).get("budgetUsd"), run.inputs(`${root}budget`).limitAmount];
    };
    expect(await shown(stack)).to.deep.equal(["12", "12"]);
    expect(await shown({ ...stack, budgetUsd: 40 })).to.deep.equal(["40", "40"]);
  });

  it("notice that Alertmanager is silent, on EKS", async () => {
    const observability = { enabled: true, mail: completeMail };
    const run = async (tier: Tier, nodes = {}) =>
      recordedPlatform({ ...onAws, tier, nodes, alertEmail, observability });
    for (const tier of ["growth", "scale"] as const) {
      const made = await run(tier);
      expect(made.problems).to.deep.equal([]);
      expect(made.resources.flatMap(unknownProperties)).to.deep.equal([]);
      expect(namesIn(made)).to.deep.equal([...expected[tier], ...always, "heartbeat-missing"].sort());
      const { metricQueries, treatMissingData, comparisonOperator, threshold, evaluationPeriods } = made.inputs(
        `${root}heartbeat-missing`,
      );
      expect({ treatMissingData, comparisonOperator, threshold, evaluationPeriods }).to.deep.equal({
        treatMissingData: "breaching",
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        evaluationPeriods: 3,
      });
      const [filled, { id, metric }] = metricQueries;
      // A gap counts at once: CloudWatch looks for missing data further back.
      expect(filled).to.include({ expression: "FILL(beats, 0)", returnData: true });
      const { dimensions, ...beats } = metric;
      expect({ id, ...beats }).to.deep.equal({
        id: "beats",
        namespace: "AWS/SNS",
        metricName: "NumberOfMessagesPublished",
        period: 300,
        stat: "Sum",
      });
      const config = made.inputs("tierstack/observability/config").data["alertmanager.yml"];
      expect(config).to.match(new RegExp(`topic_arn: arn:aws:sns:us-east-1:\\d+:${dimensions.TopicName}\\n`));
    }
    const disk = { dataVolumeGiB: 20 };
    expect((await run("startup", disk)).paths.filter((path) => path.includes("heartbeat"))).to.deep.equal([]);
    const own = { ...observability, heartbeatUrl: "https://beats.example.com/4711" };
    const replaced = await recordedPlatform({ ...onAws, tier: "growth", alertEmail, observability: own });
    expect(replaced.paths.filter((path) => path.includes("heartbeat"))).to.deep.equal([]);
  });

  it("watch the things themselves, by the ids that AWS gives them", async () => {
    const dimensionsOf = async (settings: SettingsInput, alarm: string) =>
      (await recordedPlatform({ ...onAws, alertEmail, ...settings })).inputs(`${root}${alarm}`).dimensions;
    expect(await dimensionsOf({ ...onAws, tier: "mvp" }, "node-cpu")).to.deep.equal({
      AutoScalingGroupName: "cluster-node-group",
    });
    const scale = { ...onAws, tier: "scale" } as const;
    expect(await dimensionsOf(scale, "cache-3-cpu")).to.deep.equal({
      CacheClusterId: "redis-cluster-0002-002",
      CacheNodeId: "0001",
    });
    const run = await recordedPlatform({ ...scale, alertEmail });
    const { identifier } = run.inputs("tierstack/postgres/replica-1");
    expect(run.inputs(`${root}database-replica-1-lag`).dimensions).to.deep.equal({ DBInstanceIdentifier: identifier });
    expect(run.inputs(`${root}cluster-pods-wait`).dimensions).to.deep.equal({
      ClusterName: run.inputs("tierstack/cluster/cluster").name,
    });
    // 83 % of 856 connections of a db.t4g.large, 10 % of 50 GiB.
    expect(run.inputs(`${root}database-primary-connections`).threshold).to.equal(710);
    expect(run.inputs(`${root}database-primary-storage`).threshold).to.equal(5 * 1024 ** 3);
    // Of what the instance has, which RDS enlarges, and not of what is configured: a replica's stand-in has 20 GiB.
    expect(run.inputs(`${root}database-replica-1-storage`).threshold).to.equal(2 * 1024 ** 3);
  });

  it("outside us-east-1, watch CloudFront and its certificate there, and the load balancer's certificate here", async () => {
    const { plan } = await planTier("growth", { region: "eu-central-1", alertEmail });
    const alarms = plan.resources.filter(({ path }) => path.startsWith(root));
    const global = alarms
      .filter(({ inputs }) => inputs.region === "us-east-1")
      .map(({ path }) => path.slice(root.length));
    const there = topic.map((name) => name.replace("topic", "topic-us-east-1"));
    expect(global).to.deep.equal([...edge, ...there].sort());
    const regional = alarms.find(({ path }) => path.endsWith("certificate-regional-expiry"));
    expect(regional?.inputs.alarmActions).to.deep.equal(["arn:aws:sns:eu-central-1:123456789012:alarms-topic"]);
  });

  it("watch both databases during a handover: the one in use, and the one that it leads to", async () => {
    const handover = { image: "ghcr.io/acme/handover:0.1.0" };
    const databasesOf = async (settings: Partial<SettingsInput>) =>
      namesIn(await recordedPlatform({ ...onAws, alertEmail, ...settings })).filter((name) => /^database/.test(name));
    const replicas = (end: string) => instance(`replica-0${end}`, "lag");
    /** The instances that alarms of a metric watch, and those that the stack has, by the names of both. */
    const watchedBy = async (settings: Partial<SettingsInput>) => {
      const run = await recordedPlatform({ ...onAws, alertEmail, ...settings });
      const instances = run.ofType("aws:rds/instance:Instance").map(({ path, inputs }) => [path, inputs.identifier]);
      const own = instances.map(([path, identifier]) => [String(path).split("/").pop(), identifier]);
      const watched = own.map(([name]) => [
        name,
        run.inputs(`${root}database-${name}-storage`).dimensions.DBInstanceIdentifier,
      ]);
      return { own, watched };
    };
    const growth = { tier: "growth", postgres: { generation: 2, previous: { replicas: 1 } } } as const;
    expect(await databasesOf({ ...growth, handover })).to.deep.equal(
      [...instance("primary"), ...replicas(""), ...instance("primary-g2"), ...replicas("-g2")].sort(),
    );
    for (const switched of [false, true]) {
      const { own, watched } = await watchedBy({ ...growth, handover: { ...handover, switched } });
      expect(watched).to.deep.equal(own);
      expect(own).to.have.length(4);
    }
    expect(await databasesOf(growth)).to.deep.equal([...instance("primary-g2"), ...replicas("-g2")].sort());
    const nodes = { instanceTypes: ["t4g.medium"] };
    const down = { tier: "mvp", keep: { managedStores: true }, nodes, handover } as const;
    expect(await databasesOf(down)).to.deep.equal(instance("primary"));
    const { own, watched } = await watchedBy(down);
    expect(watched).to.deep.equal(own);
    // With the eight of MVP, two more than are free.
    const { items } = (await planTier("mvp", { alertEmail, ...down })).plan.cost;
    const paid = items.filter(({ priceId }) => priceId === "cw.alarm.standard");
    expect(paid.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0)).to.be.closeTo(0.2, 1e-9);
  });

  it("leave out stores that are only kept, and follow those that the sizes ask for", async () => {
    const kept = await recordedPlatform({ ...onAws, tier: "mvp", keep: { managedStores: true }, alertEmail });
    expect(namesIn(kept)).to.deep.equal([...expected.mvp, ...always].sort());
    const redis = { nodeType: "cache.m7g.large", shards: 2, replicasPerShard: 0, multiAz: false };
    const small = await recordedPlatform({
      ...onAws,
      tier: "growth",
      alertEmail,
      redis,
      postgres: { replicas: 0, instanceClass: "db.m7g.large" },
    });
    const stores = namesIn(small).filter((name) => /^(cache|database)/.test(name));
    const alarms = ["cache-0-cpu", "cache-0-memory", "cache-1-cpu", "cache-1-memory"];
    expect(small.inputs(`${root}cache-1-cpu`)).to.include({ metricName: "CPUUtilization", threshold: 45 });
    expect(stores).to.deep.equal([
      ...alarms,
      ...["connections", "cpu", "storage"].map((name) => `database-primary-${name}`),
    ]);
  });

  it("mail cost anomalies with a monitor, and only to somebody", async () => {
    const run = await recordedPlatform({ ...onAws, alertEmail, costAnomalies: "new" });
    expect(run.problems).to.deep.equal([]);
    expect(namesIn(run).filter((name) => name.startsWith("anomal"))).to.deep.equal(["anomalies", "anomaly-monitor"]);
    const fromUsd = async (more: SettingsInput | object) => {
      const settings = { ...onAws, alertEmail, costAnomalies: "new", ...more } as SettingsInput;
      return (await recordedPlatform(settings)).inputs(`${root}anomalies`).thresholdExpression.dimension.values;
    };
    expect(await fromUsd({})).to.deep.equal(["1"]);
    expect(await fromUsd({ budgetUsd: 40, accountBudgetUsd: 400 })).to.deep.equal(["40"]);
    // Without a budget of AWS, from what the stack itself may cost.
    expect(await fromUsd({ budgetUsd: 40, accountBudgetUsd: 0 })).to.deep.equal(["4"]);
    expect(problemsOf({ ...onAws, costAnomalies: "new" })).to.deep.equal([
      "tierstack:alertEmail: given nothing, with costAnomalies new; allowed: an email address; fix: set alertEmail, or " +
        "remove costAnomalies",
    ]);
  });

  it("have no place on an existing cluster", () => {
    expect(problemsOf({ ...onExisting, alertEmail })).to.deep.equal([
      "tierstack:alertEmail: given a value, with cluster: existing; allowed: nothing: on an existing cluster it has no " +
        "effect without observability.mail; fix: set observability.mail, or remove alertEmail",
    ]);
  });
});

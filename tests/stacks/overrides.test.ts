import { isDeepStrictEqual } from "node:util";
import { expect } from "chai";
import type { Settings, SettingsInput } from "../../config/schema";
import { ruleOf } from "../../planner/cost/judgements";
import { type Tier, tierNames } from "../../tiers";
import { recordedPlatform } from "../support/platform";
import type { Recorded } from "../support/record";
import { completeMail, type Overridden, onAws, problemsOf } from "../support/settings";

/** For every override, a tier where it has an effect, and a value that is not the tier's. */
const overrides: { [C in Overridden]: { [K in keyof Required<Settings[C]>]: [Tier, Required<Settings[C]>[K]] } } = {
  network: {
    zones: ["mvp", ["use1-az6", "use1-az5", "use1-az1"]],
    cidr: ["mvp", "10.30.0.0/16"],
    egress: ["growth", "nat-per-zone"],
    flowLogs: ["mvp", true],
  },
  nodes: {
    instanceTypes: ["mvp", ["t4g.medium"]],
    spotInstanceTypes: ["scale", ["m7g.xlarge"]],
    capacity: ["mvp", "on-demand"],
    dataVolumeGiB: ["mvp", 50],
    maxNodes: ["growth", 9],
    maxSpotNodes: ["scale", 9],
  },
  postgres: {
    instanceClass: ["growth", "db.r7g.large"],
    storageGiB: ["growth", 60],
    maxStorageGiB: ["growth", 900],
    multiAz: ["startup", true],
    replicas: ["growth", 2],
    backupRetentionDays: ["growth", 30],
    crossRegionBackups: ["growth", true],
    generation: ["growth", 2],
    majorVersion: ["growth", 18],
    kmsKeyArn: ["growth", "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-123456789abc"],
    previous: ["growth", { generation: 2 }],
  },
  pgbouncer: {
    replicas: ["growth", 3],
    poolSize: ["growth", 5],
    reservePoolSize: ["growth", 1],
    sessionPoolSize: ["growth", 7],
    maxClientConnections: ["growth", 700],
  },
  redis: {
    nodeType: ["growth", "cache.m7g.large"],
    shards: ["growth", 2],
    replicasPerShard: ["growth", 2],
    multiAz: ["growth", false],
    snapshotRetentionDays: ["growth", 9],
    storageGiB: ["mvp", 2],
    memoryMiB: ["mvp", 192],
  },
  workers: {
    minReplicas: ["growth", 2],
    maxReplicas: ["growth", 3],
    cpuMillicores: ["growth", 333],
    memoryMiB: ["growth", 333],
  },
  edge: { waf: ["growth", false] },
  logs: { audit: ["growth", true], requests: ["mvp", true] },
  observability: {
    enabled: ["growth", true],
    metricsGiB: ["growth", 9],
    logsGiB: ["growth", 5],
    mail: ["growth", { ...completeMail, port: 465 }],
    heartbeatUrl: ["growth", "https://beats.example.com/4711"],
  },
  keep: { clusterStores: ["startup", false], managedStores: ["mvp", true], nodeState: ["growth", true] },
};

/** What an override needs beside it. */
const needed: Record<string, object> = { observability: { enabled: true, mail: completeMail } };

const stackOf = (tier: Tier): SettingsInput => ({
  ...onAws,
  tier,
  queues: [{ name: "mail" }],
  alertEmail: "ops@example.com",
});

describe("overrides", () => {
  const plans = new Map<Tier, Promise<Recorded>>();
  const planOf = (tier: Tier) => {
    const plan = plans.get(tier) ?? recordedPlatform(stackOf(tier));
    plans.set(tier, plan);
    return plan;
  };
  const content = ({ resources }: Recorded) =>
    resources.map(({ path, inputs, options }) => ({ path, inputs, options }));

  for (const [component, keys] of Object.entries(overrides))
    for (const [key, [tier, value]] of Object.entries(keys as Record<string, [Tier, unknown]>))
      it(`${component}.${key} changes the resources of ${tier}`, async () => {
        const stack = { ...stackOf(tier), [component]: { ...needed[component], [key]: value } };
        expect(problemsOf(stack)).to.deep.equal([]);
        // One after the other: a process records one program at a time.
        const before = content(await planOf(tier));
        const recorded = await recordedPlatform(stack);
        const after = content(recorded);
        expect(isDeepStrictEqual(before, after)).to.equal(false);
        const unjudged = recorded.resources.filter(({ custom, type }) => custom && !ruleOf(type));
        expect(
          unjudged.map(({ type }) => type),
          "types that nobody has judged for the cost",
        ).to.deep.equal([]);
      });

  for (const tier of tierNames)
    it(`${tier}: those of observability change nothing while it is turned off`, async () => {
      const kept = Object.entries(overrides.observability).map(([key, [, value]]) => [key, value]);
      const observability = { ...Object.fromEntries(kept), enabled: false };
      expect(Object.keys(observability)).to.have.members(["enabled", "metricsGiB", "logsGiB", "mail", "heartbeatUrl"]);
      const before = await planOf(tier);
      const after = await recordedPlatform({ ...stackOf(tier), observability });
      expect(content(after)).to.deep.equal(content(before));
    });
});

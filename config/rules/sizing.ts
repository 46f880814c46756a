import { type Place, type TargetKind, type TargetSize, tiers } from "../../tiers";
import { checkedBudget } from "../../tiers/connections";
import { sizes, unknownSize } from "../../tiers/sizes";
import { nodeTypes } from "../../tiers/targets";
import type { Settings } from "../schema";
import type { Rule } from "./rule";

const ranges: Rule = ({ settings, spec }) =>
  (["app", "workers"] as const).map((component) => {
    const { minReplicas, maxReplicas } = spec[component];
    const key = settings[component].minReplicas !== undefined ? "minReplicas" : "maxReplicas";
    return (
      minReplicas > maxReplicas && {
        where: `${component}.${key}`,
        given: `minReplicas ${minReplicas}, maxReplicas ${maxReplicas}`,
        allowed: "minReplicas no larger than maxReplicas",
        fix: `set both ${component}.minReplicas and ${component}.maxReplicas`,
      }
    );
  });

/** Storage cannot shrink. The tier's size may be deployed already, so nothing below it is allowed. */
const storage: Rule = ({ settings, spec }) => {
  const tier = tiers[settings.tier];
  const floors: [where: string, given: number | undefined, floor: number][] = [
    ["postgres.storageGiB", settings.postgres.storageGiB, tier.postgres[spec.postgres.place].storageGiB],
    ["redis.storageGiB", settings.redis.storageGiB, tier.redis.cluster.storageGiB],
    ["nodes.dataVolumeGiB", settings.nodes.dataVolumeGiB, tier.dataVolumeGiB],
  ];
  const { storageGiB, maxStorageGiB } = spec.postgres.managed;
  // RDS: the limit of autoscaling is at least 10 % above the storage. Not times 1.1: 100 * 1.1 is above 110.
  const leastMaxStorageGiB = Math.ceil((storageGiB * 11) / 10);
  return [
    ...floors.map(
      ([where, value, floor]) =>
        value !== undefined &&
        value < floor && {
          where,
          given: `${value} GiB`,
          allowed: `${floor} GiB or more: storage cannot shrink, and tier ${settings.tier} has ${floor}`,
          fix: `remove ${where}, or raise it`,
        },
    ),
    settings.postgres.maxStorageGiB !== undefined &&
      maxStorageGiB < leastMaxStorageGiB && {
        where: "postgres.maxStorageGiB",
        given: `${maxStorageGiB} GiB`,
        allowed: `${leastMaxStorageGiB} GiB or more: 10 % above postgres.storageGiB (${storageGiB})`,
        fix: "raise postgres.maxStorageGiB, or remove it",
      },
  ];
};

const nodeSizes: Rule = ({ settings, spec }) => {
  if (spec.target.kind === "existing") return [];
  const allowed = nodeTypes(spec.target.kind);
  return (["instanceTypes", "spotInstanceTypes"] as const).flatMap((key) =>
    (settings.nodes[key] ?? []).map(
      (type, at) => !allowed.includes(type) && unknownSize(`nodes.${key}[${at}]`, type, allowed),
    ),
  );
};

const storeSizes: Rule = ({ settings }) => {
  const { nodeType } = settings.redis;
  return [
    nodeType !== undefined &&
      !sizes.cacheNode(nodeType) &&
      unknownSize("redis.nodeType", nodeType, sizes.cacheNodeTypes),
  ];
};

/** ElastiCache: "Nodes per cluster per instance type (Redis OSS cluster mode enabled)", 90 unless AWS raises it. */
const maxRedisNodes = 90;

const redisNodes: Rule = ({ spec: { redis } }) => {
  const { shards, replicasPerShard } = redis.managed;
  const nodes = shards * (1 + replicasPerShard);
  return [
    redis.place === "managed" &&
      nodes > maxRedisNodes && {
        where: "redis.shards",
        given: `${shards} shards with ${replicasPerShard} replicas each, ${nodes} nodes`,
        allowed: `at most ${maxRedisNodes} nodes: shards x (1 + redis.replicasPerShard), the quota of AWS for a cluster`,
        fix: "lower redis.shards or redis.replicasPerShard",
      },
  ];
};

/** Where each override of a store has an effect. */
const effectiveIn: {
  postgres: Record<keyof Settings["postgres"], Place | "both">;
  redis: Record<keyof Settings["redis"], Place | "both">;
} = {
  postgres: {
    instanceClass: "managed",
    storageGiB: "both",
    maxStorageGiB: "managed",
    multiAz: "managed",
    replicas: "managed",
    backupRetentionDays: "managed",
    crossRegionBackups: "managed",
  },
  redis: {
    nodeType: "managed",
    shards: "managed",
    replicasPerShard: "managed",
    snapshotRetentionDays: "managed",
    storageGiB: "cluster",
    memoryMiB: "cluster",
  },
};

/** The overrides of the nodes that have an effect on a target. */
function effectiveOn(target: TargetSize): (keyof Settings["nodes"])[] {
  switch (target.kind) {
    case "existing":
      return [];
    case "k3s":
      return ["instanceTypes", "capacity", "dataVolumeGiB"];
    case "eks":
      return ["instanceTypes", "maxNodes", "dataVolumeGiB", ...(target.spot ? (["spotInstanceTypes"] as const) : [])];
  }
}

/** What a user calls a target. */
const targetNames: Record<TargetKind, string> = {
  existing: "an existing cluster",
  k3s: "a k3s node",
  eks: "EKS at this tier",
};

const overridesOf = (settings: Settings, component: "nodes" | "postgres" | "redis"): [string, unknown][] =>
  Object.entries(settings[component]).filter(([, value]) => value !== undefined);

const withoutStoreEffect: Rule = ({ settings, spec }) => {
  const inCluster = { reason: "runs in the cluster here", fix: "remove it, or move to a tier with the managed store" };
  const managed = { reason: "is managed by AWS here", fix: "remove it" };
  return (["postgres", "redis"] as const).flatMap((store) => {
    const { place } = spec[store];
    const effective: Record<string, Place | "both"> = effectiveIn[store];
    const { reason, fix } = place === "cluster" ? inCluster : managed;
    return overridesOf(settings, store).map(
      ([key, value]) =>
        ![place, "both"].includes(effective[key] ?? "both") && {
          where: `${store}.${key}`,
          given: JSON.stringify(value),
          allowed: `nothing: ${store} ${reason}`,
          fix,
        },
    );
  });
};

const withoutNodeEffect: Rule = ({ settings, spec: { target } }) => {
  const effective: string[] = effectiveOn(target);
  return overridesOf(settings, "nodes").map(
    ([key, value]) =>
      !effective.includes(key) && {
        where: `nodes.${key}`,
        given: JSON.stringify(value),
        allowed: `nothing: it has no effect on ${targetNames[target.kind]}`,
        fix: "remove it",
      },
  );
};

const pools: Rule = ({ spec }) => {
  const checked = checkedBudget(spec.postgres, spec.pgbouncer);
  return ["problem" in checked && checked.problem];
};

/** Rules about sizes: which exist, which fit, which cannot shrink. */
export const sizing: Rule[] = [
  ranges,
  storage,
  nodeSizes,
  storeSizes,
  redisNodes,
  withoutStoreEffect,
  withoutNodeEffect,
  pools,
];

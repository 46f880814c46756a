import { tiers } from "../../tiers";
import { checkedBudget } from "../../tiers/connections";
import { diskParts, leastDiskGiB } from "../../tiers/disk";
import { leastMaxStorageGiB, maxCacheNodes } from "../../tiers/limits";
import { sizes, unknownSize } from "../../tiers/sizes";
import { nodeTypes } from "../../tiers/targets";
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
  const least = leastMaxStorageGiB(storageGiB);
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
      maxStorageGiB < least && {
        where: "postgres.maxStorageGiB",
        given: `${maxStorageGiB} GiB`,
        allowed: `${least} GiB or more: 10 % above postgres.storageGiB (${storageGiB})`,
        fix: "raise postgres.maxStorageGiB, or remove it",
      },
  ];
};

/** What the volumes of a k3s node may grow to, whose StorageClass bounds none of them, is on one disk. */
const disk: Rule = ({ spec }) => {
  if (spec.target.kind !== "k3s") return [];
  const parts = diskParts(spec);
  const least = leastDiskGiB(parts);
  const keys = parts.flatMap(({ key }) => key ?? []);
  return [
    spec.dataVolumeGiB < least && {
      where: "nodes.dataVolumeGiB",
      given: `${spec.dataVolumeGiB} GiB for ${parts.map(({ what, sizeGiB }) => `${what} ${sizeGiB}`).join(", ")}`,
      allowed: `${least} GiB or more: their sum, and a tenth of the volume that stays free`,
      fix: `set nodes.dataVolumeGiB to ${least}, or, before the first deployment, lower ${keys.join(" or ")}`,
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

const storeSizes: Rule = ({ settings, spec }) => {
  const { nodeType, multiAz } = settings.redis;
  return [
    multiAz === true &&
      spec.redis.managed.replicasPerShard === 0 && {
        where: "redis.multiAz",
        given: "true, with redis.replicasPerShard 0",
        allowed: "true only with a replica",
        fix: "raise redis.replicasPerShard, or remove redis.multiAz",
      },
    nodeType !== undefined &&
      !sizes.cacheNode(nodeType) &&
      unknownSize("redis.nodeType", nodeType, sizes.cacheNodeTypes),
  ];
};

const redisNodes: Rule = ({ spec: { redis } }) => {
  const { shards, replicasPerShard } = redis.managed;
  const nodes = shards * (1 + replicasPerShard);
  return [
    redis.place !== "cluster" &&
      nodes > maxCacheNodes && {
        where: "redis.shards",
        given: `${shards} shards with ${replicasPerShard} replicas each, ${nodes} nodes`,
        allowed: `at most ${maxCacheNodes} nodes: shards x (1 + redis.replicasPerShard), the quota of AWS for a cluster`,
        fix: "lower redis.shards or redis.replicasPerShard",
      },
  ];
};

const pools: Rule = ({ spec }) => {
  const checked = checkedBudget(spec.postgres, spec.pgbouncer);
  return ["problem" in checked && checked.problem];
};

/** Rules about sizes: which exist, which fit, which cannot shrink. */
export const sizing: Rule[] = [ranges, storage, disk, nodeSizes, storeSizes, redisNodes, pools];

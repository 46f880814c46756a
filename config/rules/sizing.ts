import { tiers } from "../../tiers";
import { checkedBudget } from "../../tiers/connections";
import { sizes, unknownSize } from "../../tiers/sizes";
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
  // k3s needs 2 cores and 2 GiB. EKS Auto Mode needs the same, and starts no nano, micro or small type.
  const auto = spec.target.kind === "eks";
  const fits = (type: string) => {
    const size = sizes.instance(type);
    return !!size && size.vcpu >= 2 && size.memoryGiB >= 2 && !(auto && /\.(nano|micro|small)$/.test(type));
  };
  const allowed = sizes.instanceTypes.filter(fits);
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

/** An override that has no effect at the tier is a mistake. */
const withoutEffect: Rule = ({ settings, spec }) => {
  const inCluster = { reason: "runs in the cluster here", fix: "remove it, or move to a tier with the managed store" };
  const managed = { reason: "is managed by AWS here", fix: "remove it" };
  const { storageGiB: _, ...managedPostgres } = settings.postgres;
  const { storageGiB, memoryMiB, ...managedRedis } = settings.redis;
  const unused: [string, Record<string, unknown>, typeof managed | false][] = [
    ["postgres", managedPostgres, spec.postgres.place === "cluster" && inCluster],
    ["redis", managedRedis, spec.redis.place === "cluster" && inCluster],
    ["redis", { storageGiB, memoryMiB }, spec.redis.place === "managed" && managed],
  ];
  return unused.flatMap(([component, overrides, why]) =>
    Object.entries(overrides).map(
      ([key, value]) =>
        why &&
        value !== undefined && {
          where: `${component}.${key}`,
          given: JSON.stringify(value),
          allowed: `nothing: ${component} ${why.reason}`,
          fix: why.fix,
        },
    ),
  );
};

const pools: Rule = ({ spec }) => {
  const checked = checkedBudget(spec.postgres, spec.pgbouncer);
  return ["problem" in checked && checked.problem];
};

/** Rules about sizes: which exist, which fit, which cannot shrink. */
export const sizing: Rule[] = [ranges, storage, nodeSizes, storeSizes, withoutEffect, pools];

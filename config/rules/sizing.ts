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

/** Storage never shrinks: nothing below what the tier brings, which is what may be deployed already. */
const storage: Rule = ({ settings, spec }) => {
  const tier = tiers[settings.tier];
  const floors: [where: string, given: number | undefined, floor: number][] = [
    ["postgres.storageGiB", settings.postgres.storageGiB, tier.postgres[spec.postgres.place].storageGiB],
    ["redis.storageGiB", settings.redis.storageGiB, tier.redis.cluster.storageGiB],
    ["nodes.dataVolumeGiB", settings.nodes.dataVolumeGiB, tier.dataVolumeGiB],
  ];
  const { storageGiB, maxStorageGiB } = spec.postgres.managed;
  return [
    ...floors.map(
      ([where, value, floor]) =>
        value !== undefined &&
        value < floor && {
          where,
          given: `${value} GiB`,
          allowed: `${floor} GiB or more: storage never shrinks, and tier ${settings.tier} has ${floor}`,
          fix: `remove ${where}, or raise it`,
        },
    ),
    // RDS: the bound of autoscaling lies at least a tenth above the storage.
    settings.postgres.maxStorageGiB !== undefined &&
      maxStorageGiB < storageGiB * 1.1 && {
        where: "postgres.maxStorageGiB",
        given: `${maxStorageGiB} GiB`,
        allowed: `${Math.ceil(storageGiB * 1.1)} GiB or more: a tenth above postgres.storageGiB (${storageGiB})`,
        fix: "raise postgres.maxStorageGiB, or remove it",
      },
  ];
};

const nodeSizes: Rule = ({ settings, spec }) => {
  // k3s asks for 2 cores and 2 GiB; EKS Auto Mode starts nothing smaller than that either, nor nano, micro and small.
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

/** An override that the tier would silently pass over is a mistake the user should hear of. */
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

/** Rules of the sizes: what exists, what fits, what may not shrink. */
export const sizing: Rule[] = [ranges, storage, nodeSizes, storeSizes, withoutEffect, pools];

import type { Place, PostgresPlace, RedisPlace, TargetKind, TargetSize } from "../../tiers";
import type { Settings } from "../schema";
import type { Rule } from "./rule";

/** Where each override of a store has an effect. */
const effectiveIn: {
  postgres: Record<keyof Settings["postgres"], PostgresPlace | "both">;
  redis: Record<keyof Settings["redis"], RedisPlace | "both">;
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
    multiAz: "managed",
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
  eks: "the node pools of this tier",
};

type OverriddenComponent = "nodes" | "postgres" | "redis" | "network" | "edge" | "keep";

const overridesOf = (settings: Settings, component: OverriddenComponent): [string, unknown][] =>
  Object.entries(settings[component]).filter(([, value]) => value !== undefined);

/** Where a store is, and what to do about an override that has no effect there. */
const places: Record<Place, { reason: string; fix: string }> = {
  cluster: { reason: "runs in the cluster here", fix: "remove it, or move to a tier with the managed store" },
  managed: { reason: "is managed by AWS here", fix: "remove it" },
};

const stores: Rule = ({ settings, spec }) =>
  (["postgres", "redis"] as const).flatMap((store) => {
    const { place } = spec[store];
    const effective: Record<string, Place | "both"> = effectiveIn[store];
    const { reason, fix } = places[place];
    return overridesOf(settings, store).map(
      ([key, value]) =>
        ![place, "both"].includes(effective[key] as Place | "both") && {
          where: `${store}.${key}`,
          given: JSON.stringify(value),
          allowed: `nothing: ${store} ${reason}`,
          fix,
        },
    );
  });

const nodes: Rule = ({ settings, spec: { target } }) => {
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

/** The settings that have no effect with each value of `cluster`. */
const withoutEffect: Record<Settings["cluster"], { keys: (keyof Settings)[]; overrides: OverriddenComponent[] }> = {
  aws: { keys: ["kubeconfig", "context", "storageClass"], overrides: [] },
  existing: { keys: ["apiAccessCidrs", "alertEmail", "hostedZoneId"], overrides: ["network", "edge", "keep"] },
};

/** Why a setting has no effect, and what to do about it. */
const reasons: Record<Settings["cluster"], { reason: string; fix: (where: string) => string }> = {
  aws: { reason: "the stack creates the cluster", fix: (where) => `remove ${where}, or set cluster: existing` },
  existing: { reason: "it has no effect on an existing cluster", fix: () => "remove it" },
};

const cluster: Rule = ({ settings }) => {
  const { keys, overrides } = withoutEffect[settings.cluster];
  const { reason, fix } = reasons[settings.cluster];
  const problem = (where: string, given: string) => ({
    where,
    given,
    allowed: `nothing: ${reason}`,
    fix: fix(where),
  });
  return [
    ...keys
      .filter((key) => settings[key] !== undefined)
      .map((key) => problem(key, `a value, with cluster: ${settings.cluster}`)),
    ...overrides.flatMap((component) =>
      overridesOf(settings, component)
        // The VPC's CIDR block has a default, so it does not show whether the user set it.
        .filter(([key]) => key !== "cidr")
        .map(([key, value]) => problem(`${component}.${key}`, JSON.stringify(value))),
    ),
  ];
};

/** Rules about settings that have no effect: each is a mistake. */
export const effects: Rule[] = [cluster, nodes, stores];

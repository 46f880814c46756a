import type { Place, PostgresPlace, RedisPlace, TargetKind, TargetSize } from "../../tiers";
import { createsCluster } from "../resolve";
import type { Settings } from "../schema";
import type { Rule } from "./rule";

/** Where each override of a store has an effect. */
const effectiveIn: {
  /** `aws`: of an instance that may only be kept. */
  postgres: Record<keyof Settings["postgres"], PostgresPlace | "both" | "aws">;
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
    generation: "aws",
    majorVersion: "aws",
    kmsKeyArn: "aws",
    previous: "managed",
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
      return [
        "instanceTypes",
        "maxNodes",
        "dataVolumeGiB",
        ...(target.spot ? (["spotInstanceTypes", "maxSpotNodes"] as const) : []),
      ];
  }
}

/** What a user calls a target. */
const targetNames: Record<TargetKind, string> = {
  existing: "an existing cluster",
  k3s: "a k3s node",
  eks: "the node pools of this tier",
};

type OverriddenComponent = "nodes" | "postgres" | "redis" | "network" | "edge" | "logs" | "keep";

/** Components with overrides that have an effect on AWS only. */
const awsComponents = ["network", "edge", "logs", "keep"] as const satisfies OverriddenComponent[];
type AwsComponent = (typeof awsComponents)[number];

const isAwsComponent = (key: string): key is AwsComponent => (awsComponents as readonly string[]).includes(key);

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
    const effective: Record<string, Place | "both" | "aws"> = effectiveIn[store];
    const { reason, fix } = places[place];
    const managedElsewhere = createsCluster(settings);
    const isEffective = (key: string) =>
      [place, "both", ...(managedElsewhere ? ["aws"] : [])].includes(effective[key] as string);
    return overridesOf(settings, store).map(
      ([key, value]) =>
        !isEffective(key) && {
          where: `${store}.${key}`,
          given: JSON.stringify(value),
          allowed: `nothing: ${store} ${reason}`,
          fix: managedElsewhere ? fix : "remove it",
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

/** The API server of k3s keeps no audit log. */
const auditLog: Rule = ({ settings, spec: { target } }) => [
  settings.logs.audit !== undefined &&
    target.kind === "k3s" && {
      where: "logs.audit",
      given: JSON.stringify(settings.logs.audit),
      allowed: `nothing: it has no effect on ${targetNames[target.kind]}`,
      fix: "remove it",
    },
];

/** A budget that mails nobody. */
const mailed: Rule = ({ settings: { cluster, alertEmail, accountBudgetUsd } }) => [
  // What else an existing cluster lacks, another rule says.
  cluster === "aws" &&
    alertEmail === undefined &&
    accountBudgetUsd !== undefined && {
      where: "accountBudgetUsd",
      given: `${accountBudgetUsd}, without alertEmail`,
      allowed: "nothing: AWS has nobody to mail",
      fix: "set alertEmail, or remove accountBudgetUsd",
    },
];

/** Settings of what nobody turned on. Those of what is turned off stay for the day when it is on again. */
const watched: Rule = ({ settings, spec: { observability } }) =>
  Object.entries(settings.observability).map(
    ([key, value]) =>
      value !== undefined &&
      settings.observability.enabled === undefined &&
      !observability.enabled && {
        where: `observability.${key}`,
        // A mail server has a password, and the URL of a heartbeat is a secret.
        given: typeof value === "number" ? String(value) : "a value",
        allowed: "nothing: nothing watches the product here",
        fix: "remove it, or set observability.enabled to true",
      },
  );

const anywhere: readonly Settings["cluster"][] = ["aws", "existing"];

/** The values of `cluster` with which each setting has an effect. */
const effectiveWith: Record<keyof Settings, readonly Settings["cluster"][]> = {
  tier: anywhere,
  cluster: anywhere,
  kubeconfig: ["existing"],
  context: ["existing"],
  storageClass: ["existing"],
  namespacePrefix: anywhere,
  kedaNamespace: ["existing"],
  adopt: ["existing"],
  // The region has a default, so it does not show whether the user set it.
  region: anywhere,
  backupRegion: ["aws"],
  kmsKeyArn: ["aws"],
  permissionsBoundary: ["aws"],
  domain: anywhere,
  hostedZoneId: ["aws"],
  apiAccessCidrs: ["aws"],
  alertEmail: anywhere,
  costAnomalies: ["aws"],
  image: anywhere,
  registry: anywhere,
  app: anywhere,
  queues: anywhere,
  budgetUsd: anywhere,
  accountBudgetUsd: ["aws"],
  maintenance: anywhere,
  handover: ["aws"],
  allowDestroy: anywhere,
  passwordRotation: anywhere,
  network: ["aws"],
  nodes: anywhere,
  postgres: anywhere,
  pgbouncer: anywhere,
  redis: anywhere,
  workers: anywhere,
  edge: ["aws"],
  logs: ["aws"],
  observability: anywhere,
  keep: ["aws"],
};

/** Why a setting has no effect, and what to do about it. */
const reasons: Record<Settings["cluster"], { reason: string; fix: (where: string) => string }> = {
  aws: { reason: "the stack creates the cluster", fix: (where) => `remove ${where}, or set cluster: existing` },
  existing: { reason: "it has no effect on an existing cluster", fix: () => "remove it" },
};

/** What the user set of a setting, by key: the overrides of a component, or the setting itself. */
function given(settings: Settings, key: keyof Settings): [where: string, given: string][] {
  const value = settings[key];
  // A switch that is off sets nothing.
  const isSet = value !== undefined && value !== false;
  if (!isAwsComponent(key)) return isSet ? [[key, `a value, with cluster: ${settings.cluster}`]] : [];
  return (
    overridesOf(settings, key)
      // The VPC's CIDR block has a default too.
      .filter(([name]) => name !== "cidr")
      .map(([name, inner]) => [`${key}.${name}`, JSON.stringify(inner)])
  );
}

const cluster: Rule = ({ settings }) => {
  const { reason, fix } = reasons[settings.cluster];
  return (Object.keys(effectiveWith) as (keyof Settings)[])
    .filter((key) => !effectiveWith[key].includes(settings.cluster))
    .flatMap((key) => given(settings, key))
    .map(([where, value]) => ({ where, given: value, allowed: `nothing: ${reason}`, fix: fix(where) }));
};

/** Rules about settings that have no effect: each is a mistake. */
export const effects: Rule[] = [cluster, nodes, auditLog, mailed, watched, stores];

import {
  type AppSize,
  type ContainerSize,
  type ManagedPostgresSize,
  type PostgresPlace,
  type PostgresSize,
  type TargetSize,
  type TierSpec,
  tiers,
  type WorkersSize,
} from "../tiers";
import { generationOf } from "../tiers/generations";
import { rdsMaxStorageGiB } from "../tiers/limits";
import { poolerMemoryMiB } from "../tiers/pooler-memory";
import type { Settings } from "./schema";

/** Overrides of a size. A key that the size does not have is a type error, because it would have no effect. */
type OverridesOf<S, O> = { [K in keyof O]: K extends keyof S ? S[K] | undefined : never };

/** A size with the overrides that are set. An explicit `undefined` must not win over the tier's value. */
function withOverrides<S extends object, O extends OverridesOf<S, O>>(size: S, overrides: O): S {
  return { ...size, ...Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined)) };
}

/** Overrides of an autoscaled component. */
type ScaledOverrides = Partial<Pick<AppSize, "minReplicas" | "maxReplicas"> & ContainerSize>;

function scaledOf<T extends AppSize | WorkersSize>(size: T, overrides: ScaledOverrides): T {
  const { cpuMillicores, memoryMiB, minReplicas = size.minReplicas, maxReplicas = size.maxReplicas } = overrides;
  return { ...size, minReplicas, maxReplicas, container: withOverrides(size.container, { cpuMillicores, memoryMiB }) };
}

function tierTargetOf({ nodes }: Settings, target: TargetSize): TargetSize {
  const { instanceTypes, spotInstanceTypes, capacity, maxNodes, maxSpotNodes } = nodes;
  switch (target.kind) {
    case "existing":
      return target;
    case "k3s":
      return withOverrides(target, { instanceTypes, capacity });
    case "eks": {
      const general = withOverrides(target.general, { instanceTypes, maxNodes });
      const spot =
        target.spot && withOverrides(target.spot, { instanceTypes: spotInstanceTypes, maxNodes: maxSpotNodes });
      return { ...target, general, ...(spot && { spot }) };
    }
  }
}

/** What each value of the setting `cluster` stands for. */
const clusters: Record<
  Settings["cluster"],
  { created: boolean; managedStores: boolean; target: (settings: Settings, tier: TierSpec) => TargetSize }
> = {
  aws: { created: true, managedStores: true, target: (settings, tier) => tierTargetOf(settings, tier.target) },
  existing: { created: false, managedStores: false, target: () => ({ kind: "existing" }) },
};

/** Whether the stack creates the cluster, with its network, API and edge. */
export const createsCluster = ({ cluster }: Pick<Settings, "cluster">): boolean => clusters[cluster].created;

/** What the overrides of Postgres change in each place. */
const postgresSizes: Record<
  PostgresPlace,
  (size: PostgresSize, overrides: Settings["postgres"]) => Omit<PostgresSize, "place">
> = {
  // A managed database that is kept beside it is the one that it was.
  cluster: (size, { storageGiB, generation, majorVersion, kmsKeyArn }) => ({
    ...size,
    cluster: withOverrides(size.cluster, { storageGiB }),
    managed: withOverrides(size.managed, { generation, majorVersion, kmsKeyArn }),
  }),
  managed: (size, { previous, ...overrides }) => {
    const generation = Math.max(1, generationOf(overrides) - 1);
    return {
      ...size,
      managed: managedOf(size.managed, overrides),
      ...(previous && {
        previous: managedOf(size.managed, { ...previous, generation: previous.generation ?? generation }),
      }),
    };
  },
};

/** The size of a managed database, with its overrides. */
function managedOf(
  size: ManagedPostgresSize,
  { storageGiB = size.storageGiB, ...overrides }: Omit<Settings["postgres"], "previous">,
): ManagedPostgresSize {
  // Half as much again leaves room to grow, up to the largest limit.
  const maxStorageGiB = Math.min(Math.max(size.maxStorageGiB, Math.ceil(storageGiB * 1.5)), rdsMaxStorageGiB);
  return { ...withOverrides({ ...size, maxStorageGiB }, overrides), storageGiB };
}

function postgresOf(
  { postgres: overrides }: Settings,
  { postgres: size }: TierSpec,
  managedStores: boolean,
): PostgresSize {
  const place = managedStores ? size.place : "cluster";
  return { ...postgresSizes[place](size, overrides), place };
}

function redisOf(settings: Settings, tier: TierSpec, managedStores: boolean): TierSpec["redis"] {
  const { storageGiB, memoryMiB, ...managed } = settings.redis;
  const { cluster } = tier.redis;
  return {
    place: managedStores ? tier.redis.place : "cluster",
    cluster: { ...withOverrides(cluster, { storageGiB }), container: withOverrides(cluster.container, { memoryMiB }) },
    managed: withOverrides(tier.redis.managed, managed),
  };
}

function pgbouncerOf(settings: Settings, tier: TierSpec): TierSpec["pgbouncer"] {
  const size = withOverrides(tier.pgbouncer, settings.pgbouncer);
  return { ...size, container: { ...size.container, memoryMiB: poolerMemoryMiB(size) } };
}

/** How the sizes that have overrides follow from the settings. The other sizes are the tier's. */
const resolvers: { [Key in keyof TierSpec]?: (settings: Settings, tier: TierSpec) => TierSpec[Key] } = {
  network: ({ network: { egress, flowLogs } }, tier) => withOverrides(tier.network, { egress, flowLogs }),
  target: (settings, tier) => clusters[settings.cluster].target(settings, tier),
  dataVolumeGiB: ({ nodes }, tier) => nodes.dataVolumeGiB ?? tier.dataVolumeGiB,
  postgres: (settings, tier) => postgresOf(settings, tier, clusters[settings.cluster].managedStores),
  pgbouncer: pgbouncerOf,
  redis: (settings, tier) => redisOf(settings, tier, clusters[settings.cluster].managedStores),
  app: (settings, tier) => scaledOf(tier.app, settings.app),
  workers: (settings, tier) => scaledOf(tier.workers, settings.workers),
  edge: (settings, tier) => withOverrides(tier.edge, settings.edge),
  logs: (settings, tier) => withOverrides(tier.logs, settings.logs),
  observability: (settings, tier) => {
    const { mail, heartbeatUrl: _, ...sizes } = settings.observability;
    return {
      ...withOverrides(tier.observability, sizes),
      mails: mail !== undefined,
      // Only there the pod can have a role of its own.
      cloudwatch: clusters[settings.cluster].target(settings, tier).kind === "eks",
    };
  },
  keep: (settings, tier) =>
    clusters[settings.cluster].managedStores
      ? withOverrides(tier.keep, settings.keep)
      : { clusterStores: false, managedStores: false, nodeState: false },
};

/** One of the sizes that the components get: the tier's, with the user's overrides and the kind of cluster applied. */
export function sizeOf<Key extends keyof TierSpec>(settings: Settings, key: Key): TierSpec[Key] {
  const tier = tiers[settings.tier];
  return resolvers[key]?.(settings, tier) ?? tier[key];
}

/** All sizes that the components get. */
export function resolveSpec(settings: Settings): TierSpec {
  const keys = Object.keys(tiers[settings.tier]) as (keyof TierSpec)[];
  return Object.fromEntries(keys.map((key) => [key, sizeOf(settings, key)])) as unknown as TierSpec;
}

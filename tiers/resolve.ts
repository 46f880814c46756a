import type { Settings } from "../config/schema";
import { tiers } from "./index";
import type { AppSize, ContainerSize, TierSpec, WorkersSize } from "./types";

/** The overrides given, without the keys left out: an explicit `undefined` must not win over the tier. */
function given<T extends object>(overrides: T): Partial<T> {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function withContainer<T extends AppSize | WorkersSize>(
  size: T,
  overrides: Partial<ContainerSize & { minReplicas: number; maxReplicas: number }>,
): T {
  const { cpuMillicores, memoryMiB, minReplicas, maxReplicas } = overrides;
  return {
    ...size,
    ...given({ minReplicas, maxReplicas }),
    container: { ...size.container, ...given({ cpuMillicores, memoryMiB }) },
  };
}

function clusterOf(settings: Settings, tier: TierSpec): TierSpec["cluster"] {
  if (settings.cluster === "existing") return { kind: "existing" };
  const { instanceTypes, spotInstanceTypes, capacity, maxNodes } = settings.nodes;
  const { cluster } = tier;
  if (cluster.kind === "k3s") return { ...cluster, ...given({ instanceTypes, capacity }) };
  if (cluster.kind === "existing") return cluster;
  return {
    ...cluster,
    general: { ...cluster.general, ...given({ instanceTypes, maxNodes }) },
    ...(cluster.spot && { spot: { ...cluster.spot, ...given({ instanceTypes: spotInstanceTypes }) } }),
  };
}

function postgresOf(settings: Settings, tier: TierSpec, existing: boolean): TierSpec["postgres"] {
  const { storageGiB, ...managed } = settings.postgres;
  const place = existing ? "cluster" : tier.postgres.place;
  const size = tier.postgres;
  if (place === "cluster") return { ...size, place, cluster: { ...size.cluster, ...given({ storageGiB }) } };
  const storage = storageGiB ?? size.managed.storageGiB;
  return {
    ...size,
    place,
    managed: {
      ...size.managed,
      // RDS wants the bound at least a tenth above the storage; half as much again leaves room to grow.
      maxStorageGiB: Math.max(size.managed.maxStorageGiB, Math.ceil(storage * 1.5)),
      ...given(managed),
      storageGiB: storage,
    },
  };
}

function redisOf(settings: Settings, tier: TierSpec, existing: boolean): TierSpec["redis"] {
  const { storageGiB, memoryMiB, ...managed } = settings.redis;
  const { cluster } = tier.redis;
  return {
    place: existing ? "cluster" : tier.redis.place,
    cluster: {
      ...cluster,
      ...given({ storageGiB }),
      container: { ...cluster.container, ...given({ memoryMiB }) },
    },
    managed: { ...tier.redis.managed, ...given(managed) },
  };
}

/** The tier's sizes with the user's overrides and the kind of cluster applied: what the components are built from. */
export function resolveSpec(settings: Settings): TierSpec {
  const tier = tiers[settings.tier];
  const existing = settings.cluster === "existing";
  return {
    ...tier,
    network: { ...tier.network, ...given({ egress: settings.network.egress, flowLogs: settings.network.flowLogs }) },
    cluster: clusterOf(settings, tier),
    dataVolumeGiB: settings.nodes.dataVolumeGiB ?? tier.dataVolumeGiB,
    postgres: postgresOf(settings, tier, existing),
    pgbouncer: { ...tier.pgbouncer, ...given(settings.pgbouncer) },
    redis: redisOf(settings, tier, existing),
    app: withContainer(tier.app, settings.app),
    workers: withContainer(tier.workers, settings.workers),
    edge: { ...tier.edge, ...given(settings.edge) },
    keep: existing
      ? { clusterStores: false, managedStores: false, nodeState: false }
      : { ...tier.keep, ...given(settings.keep) },
  };
}

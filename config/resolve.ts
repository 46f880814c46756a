import { type AppSize, type ContainerSize, type TargetSize, type TierSpec, tiers, type WorkersSize } from "../tiers";
import type { Settings } from "./schema";

/** The overrides that are set. An explicit `undefined` must not win over the tier's value. */
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

function targetOf(settings: Settings, { target }: TierSpec): TargetSize {
  if (settings.cluster === "existing") return { kind: "existing" };
  const { instanceTypes, spotInstanceTypes, capacity, maxNodes } = settings.nodes;
  if (target.kind === "k3s") return { ...target, ...given({ instanceTypes, capacity }) };
  if (target.kind === "existing") return target;
  return {
    ...target,
    general: { ...target.general, ...given({ instanceTypes, maxNodes }) },
    ...(target.spot && { spot: { ...target.spot, ...given({ instanceTypes: spotInstanceTypes }) } }),
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
      // RDS requires a limit at least 10 % above the storage; 50 % leaves room to grow.
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

/** The sizes that the components get: the tier's, with the user's overrides and the kind of cluster applied. */
export function resolveSpec(settings: Settings): TierSpec {
  const tier = tiers[settings.tier];
  const existing = settings.cluster === "existing";
  return {
    ...tier,
    network: { ...tier.network, ...given({ egress: settings.network.egress, flowLogs: settings.network.flowLogs }) },
    target: targetOf(settings, tier),
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

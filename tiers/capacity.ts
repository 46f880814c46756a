import { formatProblem } from "./problem";
import { sizes, unknownSize } from "./sizes";
import type { ContainerSize, TierSpec } from "./types";

/** What the nodes of a pool can allocate to pods, and what pods request with every autoscaler at its maximum. */
export interface PoolCapacity {
  pool: "node" | "general" | "spot";
  cpuMillicores: { requested: number; allocatable: number };
  memoryMiB: { requested: number; allocatable: number };
}

/** The gateway beside every application container: a TLS-terminating proxy. */
export const gatewaySize: ContainerSize = { cpuMillicores: 10, memoryMiB: 24 };
/** The exporter beside every PgBouncer. */
export const exporterSize: ContainerSize = { cpuMillicores: 10, memoryMiB: 24 };
/** Each of KEDA's three deployments: operator, metrics server, admission webhooks. */
export const kedaSize: ContainerSize = { cpuMillicores: 100, memoryMiB: 128 };

/** Requests of the pods that come with a cluster. k3s: CoreDNS (100m, 70 MiB) and metrics-server (100m, 70 MiB); Traefik
 * and the local-path provisioner request nothing (k3s-io/k3s `manifests/`). EKS Auto Mode runs DNS, proxy and network
 * on the node itself; its metrics-server add-on is two pods of 100m and 200 MiB. */
export const system = {
  k3s: { cpuMillicores: 200, memoryMiB: 140 },
  eks: { cpuMillicores: 200, memoryMiB: 400 },
};

/** Most pods of a node that the reserve is computed for. */
export const podsPerNode = 30;

/** What a node keeps for itself: the k3s server and the system on k3s (`system-reserved` of its kubelet); on EKS
 * kubelet's reserve of 80m and 255 MiB + 11 MiB a pod of at most 30, and 100 MiB before eviction. */
export const reserved = {
  k3s: { cpuMillicores: 200, memoryMiB: 700 },
  eks: { cpuMillicores: 80, memoryMiB: 255 + 11 * podsPerNode + 100 },
};

/** Share of an instance's memory that its kernel reports: firmware and kernel take the rest. */
const reportedMemory = 0.93;

/** What one node of an instance type can allocate to pods. Throws a RangeError for a type outside the catalogue. */
export function allocatable(type: string, kind: "k3s" | "eks"): ContainerSize {
  const node = sizes.instance(type);
  if (!node) throw new RangeError(formatProblem(unknownSize("nodes.instanceTypes", type, sizes.instanceTypes)));
  return {
    cpuMillicores: node.vcpu * 1000 - reserved[kind].cpuMillicores,
    memoryMiB: Math.floor(node.memoryGiB * 1024 * reportedMemory - reserved[kind].memoryMiB),
  };
}

function allocatableOf(types: string[], nodes: number, kind: "k3s" | "eks"): ContainerSize {
  const { cpuMillicores, memoryMiB } = allocatable(types[0] ?? "", kind);
  return { cpuMillicores: nodes * cpuMillicores, memoryMiB: nodes * memoryMiB };
}

const sum = (parts: [times: number, size: ContainerSize][]): ContainerSize => ({
  cpuMillicores: parts.reduce((total, [times, size]) => total + times * size.cpuMillicores, 0),
  memoryMiB: parts.reduce((total, [times, size]) => total + times * size.memoryMiB, 0),
});

const poolCapacity = (
  pool: PoolCapacity["pool"],
  requested: ContainerSize,
  available: ContainerSize,
): PoolCapacity => ({
  pool,
  cpuMillicores: { requested: requested.cpuMillicores, allocatable: available.cpuMillicores },
  memoryMiB: { requested: requested.memoryMiB, allocatable: available.memoryMiB },
});

/**
 * What each pool of nodes can allocate and what the pods of a number of queues request, with every autoscaler at its
 * maximum. Surge pods of a rolling update are not counted: on a full node they wait, and the old pod keeps serving.
 */
export function nodeCapacity(spec: TierSpec, queues: number): PoolCapacity[] {
  const { target, app, pgbouncer, workers, postgres, redis, keep } = spec;
  if (target.kind === "existing") return [];
  const inCluster = (place: string) => (place === "cluster" || keep.clusterStores ? 1 : 0);
  const platform: [number, ContainerSize][] = [
    [1, system[target.kind]],
    [app.maxReplicas, app.container],
    [app.maxReplicas, gatewaySize],
    [pgbouncer.replicas, pgbouncer.container],
    [pgbouncer.replicas, exporterSize],
    [inCluster(postgres.place), postgres.cluster.container],
    [inCluster(redis.place), redis.cluster.container],
    [workers.scaler === "queue" && queues > 0 ? 3 : 0, kedaSize],
  ];
  const jobs: [number, ContainerSize] = [queues * workers.maxReplicas, workers.container];
  if (target.kind === "k3s")
    return [poolCapacity("node", sum([...platform, jobs]), allocatableOf(target.instanceTypes, 1, "k3s"))];
  const { general, spot } = target;
  const generalOffer = allocatableOf(general.instanceTypes, general.maxNodes, "eks");
  if (!spot) return [poolCapacity("general", sum([...platform, jobs]), generalOffer)];
  return [
    poolCapacity("general", sum(platform), generalOffer),
    poolCapacity("spot", sum([jobs]), allocatableOf(spot.instanceTypes, spot.maxNodes, "eks")),
  ];
}

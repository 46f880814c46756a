import { memoryOf, reservedMiB, systemPods } from "./k3s-memory";
import { formatProblem } from "./problem";
import { type OwnSize, sizes, unknownSize, withOwnSize } from "./sizes";
import type { ContainerSize, TierSpec } from "./types";

/** Allocatable resources of a node pool, and the requests of its pods with every autoscaler at its maximum. */
export interface PoolCapacity {
  pool: "node" | "general" | "spot";
  cpuMillicores: { requested: number; allocatable: number };
  memoryMiB: { requested: number; allocatable: number };
}

/**
 * Size of the gateway, the TLS-terminating sidecar of every application container. 256 slow downloads over TLS take
 * 24 MiB in nginx, measured; the rest is for the kernel's socket buffers, which count towards the limit in cgroup v2.
 */
export const gatewaySize: ContainerSize = { cpuMillicores: 10, memoryMiB: 40 };
/** Size of the exporter, the sidecar of every PgBouncer. */
export const exporterSize: ContainerSize = { cpuMillicores: 10, memoryMiB: 24 };
/** Size of each of KEDA's three Deployments: operator, metrics server, admission webhooks. */
export const kedaSize: ContainerSize = { cpuMillicores: 100, memoryMiB: 128 };

/**
 * What the system pods need. k3s: CoreDNS and metrics-server request 100m each (k3s-io/k3s `manifests/`). EKS Auto Mode
 * runs DNS, kube-proxy and the network plugin as processes on the node; its metrics-server add-on is two pods of 100m
 * and 200 MiB.
 */
export const system = {
  k3s: { cpuMillicores: 200, memoryMiB: memoryOf(systemPods) },
  eks: { cpuMillicores: 200, memoryMiB: 400 },
};

/** Pods per node that the kubelet's reserve is computed for. */
export const podsPerNode = 30;

/**
 * Resources of a node that are not allocatable. k3s: the k3s server and the operating system (`systemReserved` of the
 * kubelet). EKS: the kubelet reserves 80m and 255 MiB + 11 MiB per pod, plus an eviction threshold of 100 MiB.
 */
const reserved = {
  k3s: { cpuMillicores: 200, memoryMiB: reservedMiB },
  eks: { cpuMillicores: 80, memoryMiB: 255 + 11 * podsPerNode + 100 },
};

/** Share of an instance's memory that its kernel reports. Firmware and kernel use the rest. */
const reportedMemory = 0.93;

/** Returns the allocatable resources of one node. Throws a RangeError for a type outside the catalogue. */
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

/** What a stack runs besides the application, each with a size of its own, if any. */
export interface Workload {
  queues: readonly OwnSize[];
  /** Scheduled jobs and the migration. @default none */
  jobs?: readonly OwnSize[];
}

/**
 * Returns the allocatable resources and the requests of every node pool, with every autoscaler at its maximum. Ignores
 * the surge pods of a rolling update: on a full node they stay pending, and the old pod keeps serving. Returns [] for
 * an existing cluster.
 */
export function nodeCapacity(spec: TierSpec, { queues, jobs = [] }: Workload): PoolCapacity[] {
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
    [workers.scaler === "queue" && queues.length > 0 ? 3 : 0, kedaSize],
    ...jobs.map((own): [number, ContainerSize] => [1, withOwnSize(app.container, own)]),
  ];
  const workerPods = queues.map((own): [number, ContainerSize] => [
    workers.maxReplicas,
    withOwnSize(workers.container, own),
  ]);
  if (target.kind === "k3s")
    return [poolCapacity("node", sum([...platform, ...workerPods]), allocatableOf(target.instanceTypes, 1, "k3s"))];
  const { general, spot } = target;
  const generalAllocatable = allocatableOf(general.instanceTypes, general.maxNodes, "eks");
  if (!spot) return [poolCapacity("general", sum([...platform, ...workerPods]), generalAllocatable)];
  return [
    poolCapacity("general", sum(platform), generalAllocatable),
    poolCapacity("spot", sum(workerPods), allocatableOf(spot.instanceTypes, spot.maxNodes, "eks")),
  ];
}

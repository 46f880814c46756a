import { memoryOf, reservedMiB, systemPods } from "./k3s-memory";
import { keepsLogs, nodeContainers, observabilityPod } from "./observability";
import { formatProblem } from "./problem";
import { type OwnSize, sizes, unknownSize, withOwnSize } from "./sizes";
import type { ContainerSize, TargetSize, TierSpec } from "./types";

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
/**
 * Requests of a handover's engine. Its limit is twice the memory, for the moment in which it runs pg_dump: at MVP's size
 * the node has no room to reserve that for days.
 */
export const handoverSize: ContainerSize = { cpuMillicores: 50, memoryMiB: 128 };
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

const times = (count: number, { cpuMillicores, memoryMiB }: ContainerSize): ContainerSize => ({
  cpuMillicores: count * cpuMillicores,
  memoryMiB: count * memoryMiB,
});

const sum = (sizesOf: ContainerSize[]): ContainerSize => ({
  cpuMillicores: sizesOf.reduce((total, { cpuMillicores }) => total + cpuMillicores, 0),
  memoryMiB: sizesOf.reduce((total, { memoryMiB }) => total + memoryMiB, 0),
});

/** What a stack runs besides the application, each with a size of its own, if any. */
export interface Workload {
  queues: readonly OwnSize[];
  /** @default none */
  schedules?: readonly OwnSize[];
  /** @default none */
  migration?: OwnSize | undefined;
  /** Whether a handover of the database is on. @default false */
  handover?: boolean;
}

/** Pods of one size, at their autoscaler's maximum. */
export interface Part {
  name:
    | "application"
    | "workers"
    | "migration"
    | "schedules"
    | "PgBouncer"
    | "Postgres"
    | "handover"
    | "Valkey"
    | "KEDA"
    | "observability"
    | "node exporter"
    | "log store"
    | "log agent"
    | "system";
  pool: PoolCapacity["pool"];
  pods: number;
  /** Requests of one pod, with its sidecars. */
  size: ContainerSize;
  /** Index of the queue or the schedule. */
  at?: number;
  /** Whether every node has one of them, so that more nodes have more. @default false */
  perNode?: boolean;
}

/** Requests of the parts together. */
export const requestsOf = (parts: readonly Part[]): ContainerSize =>
  sum(parts.map(({ pods, size }) => times(pods, size)));

export type Nodes = Exclude<TargetSize, { kind: "existing" }>;

/** The node pools, the workers' last. */
export const poolsOf = (target: Nodes): PoolCapacity["pool"][] =>
  target.kind === "k3s" ? ["node"] : target.spot ? ["general", "spot"] : ["general"];

/** Instance types and maximum number of the nodes of a pool. */
export function poolOf(target: Nodes, pool: PoolCapacity["pool"]): { instanceTypes: string[]; maxNodes: number } {
  if (target.kind === "k3s") return { instanceTypes: target.instanceTypes, maxNodes: 1 };
  return pool === "spot" && target.spot ? target.spot : target.general;
}

/** Pods that run once on every node of every pool. None without a size. */
const everywhere = (name: Part["name"], target: Nodes, size: ContainerSize | undefined): Part[] =>
  size ? poolsOf(target).map((pool) => ({ name, pool, pods: poolOf(target, pool).maxNodes, size, perNode: true })) : [];

/**
 * Returns everything that requests resources of the nodes, with every autoscaler at its maximum. Ignores the surge pods
 * of a rolling update: on a full node they stay pending, and the old pod keeps serving. Returns [] for an existing
 * cluster.
 */
export function partsOf(spec: TierSpec, { queues, schedules = [], migration, handover }: Workload): Part[] {
  const { target, app, pgbouncer, workers, postgres, redis, observability, keep } = spec;
  if (target.kind === "existing") return [];
  const pools = poolsOf(target);
  const [pool = "node"] = pools;
  const inCluster = (place: string) => (place === "cluster" || keep.clusterStores ? 1 : 0);
  const parts: Part[] = [
    { name: "application", pool, pods: app.maxReplicas, size: sum([app.container, gatewaySize]) },
    ...queues.map(
      (own, at): Part => ({
        name: "workers",
        pool: pools.at(-1) ?? pool,
        pods: workers.maxReplicas,
        size: withOwnSize(workers.container, own),
        at,
      }),
    ),
    { name: "migration", pool, pods: migration ? 1 : 0, size: withOwnSize(app.container, migration ?? {}) },
    ...schedules.map(
      (own, at): Part => ({ name: "schedules", pool, pods: 1, size: withOwnSize(app.container, own), at }),
    ),
    { name: "PgBouncer", pool, pods: pgbouncer.replicas, size: sum([pgbouncer.container, exporterSize]) },
    { name: "Postgres", pool, pods: inCluster(postgres.place), size: postgres.cluster.container },
    { name: "handover", pool, pods: handover ? 1 : 0, size: handoverSize },
    { name: "Valkey", pool, pods: inCluster(redis.place), size: redis.cluster.container },
    { name: "KEDA", pool, pods: workers.scaler === "queue" && queues.length > 0 ? 3 : 0, size: kedaSize },
    { name: "observability", pool, pods: observability.enabled ? 1 : 0, size: sum(observabilityPod(observability)) },
    { name: "log store", pool, pods: keepsLogs(observability) ? 1 : 0, size: observability.logs },
    ...everywhere("node exporter", target, observability.enabled ? nodeContainers.nodeExporter : undefined),
    ...everywhere("log agent", target, keepsLogs(observability) ? nodeContainers.logAgent : undefined),
    { name: "system", pool, pods: 1, size: system[target.kind] },
  ];
  return parts.filter(({ pods }) => pods > 0);
}

/**
 * Returns the allocatable resources and the requests of every node pool. Returns [] for an existing cluster.
 */
export function nodeCapacity(spec: TierSpec, workload: Workload): PoolCapacity[] {
  const { target } = spec;
  if (target.kind === "existing") return [];
  const parts = partsOf(spec, workload);
  return poolsOf(target).map((pool) => {
    const { instanceTypes, maxNodes } = poolOf(target, pool);
    const requested = requestsOf(parts.filter((part) => part.pool === pool));
    const available = times(maxNodes, allocatable(instanceTypes[0] ?? "", target.kind));
    return {
      pool,
      cpuMillicores: { requested: requested.cpuMillicores, allocatable: available.cpuMillicores },
      memoryMiB: { requested: requested.memoryMiB, allocatable: available.memoryMiB },
    };
  });
}

/** Returns the resources that the pods of a pool request more of than its nodes have. */
export const exceededOf = (use: PoolCapacity): (keyof ContainerSize)[] =>
  (["cpuMillicores", "memoryMiB"] as const).filter((field) => use[field].requested > use[field].allocatable);

/** Returns how many queues of the tier's size the nodes fit besides the others; undefined on an existing cluster. */
export function queuesThatFit(spec: TierSpec, others: Omit<Workload, "queues"> = {}): number | undefined {
  const allFit = (count: number) =>
    nodeCapacity(spec, { ...others, queues: Array.from({ length: count }, () => ({})) }).every(
      (use) => exceededOf(use).length === 0,
    );
  if (spec.target.kind === "existing") return undefined;
  let count = 0;
  while (allFit(count + 1)) count++;
  return count;
}

import { sizes } from "./sizes";
import type { ContainerSize, TierSpec } from "./types";

/** What a pool of nodes offers to pods, and what is asked of it with every autoscaler at its maximum. */
export interface PoolFit {
  pool: "node" | "general" | "spot";
  cpuMillicores: { asked: number; offered: number };
  memoryMiB: { asked: number; offered: number };
}

/** The gateway beside every application container: a TLS-terminating proxy. */
export const gatewaySize: ContainerSize = { cpuMillicores: 10, memoryMiB: 24 };
/** The exporter beside every PgBouncer. */
export const exporterSize: ContainerSize = { cpuMillicores: 10, memoryMiB: 24 };
/** Each of KEDA's three deployments: operator, metrics server, admission webhooks. */
export const kedaSize: ContainerSize = { cpuMillicores: 100, memoryMiB: 128 };

/** Requests of the pods that a cluster brings. k3s: CoreDNS (100m, 70 MiB) and metrics-server (100m, 70 MiB); Traefik
 * and the local-path provisioner ask for nothing (k3s-io/k3s `manifests/`). EKS Auto Mode runs DNS, proxy and network
 * on the node itself; its metrics-server add-on is two pods of 100m and 200 MiB. */
export const system = {
  k3s: { cpuMillicores: 200, memoryMiB: 140 },
  eks: { cpuMillicores: 200, memoryMiB: 400 },
};

/** Pods a node is reckoned to take at most. */
export const podsPerNode = 30;

/** What a node keeps for itself: the k3s server and the system on k3s (`system-reserved` of its kubelet); on EKS
 * kubelet's reserve of 80m and 255 MiB + 11 MiB a pod of at most 30, and 100 MiB before eviction. */
export const reserved = {
  k3s: { cpuMillicores: 200, memoryMiB: 700 },
  eks: { cpuMillicores: 80, memoryMiB: 255 + 11 * podsPerNode + 100 },
};

/** Share of an instance's memory that its kernel reports: firmware and kernel take the rest. */
const reportedMemory = 0.93;

/** What one node of an instance type offers to pods. */
export function nodeOffer(type: string, kind: "k3s" | "eks"): ContainerSize {
  const node = sizes.instance(type) ?? { vcpu: 0, memoryGiB: 0 };
  return {
    cpuMillicores: node.vcpu * 1000 - reserved[kind].cpuMillicores,
    memoryMiB: Math.floor(node.memoryGiB * 1024 * reportedMemory - reserved[kind].memoryMiB),
  };
}

function offered(types: string[], nodes: number, kind: "k3s" | "eks"): ContainerSize {
  const { cpuMillicores, memoryMiB } = nodeOffer(types[0] ?? "", kind);
  return { cpuMillicores: nodes * cpuMillicores, memoryMiB: nodes * memoryMiB };
}

const sum = (parts: [times: number, size: ContainerSize][]): ContainerSize => ({
  cpuMillicores: parts.reduce((total, [times, size]) => total + times * size.cpuMillicores, 0),
  memoryMiB: parts.reduce((total, [times, size]) => total + times * size.memoryMiB, 0),
});

const poolFit = (pool: PoolFit["pool"], asked: ContainerSize, offers: ContainerSize): PoolFit => ({
  pool,
  cpuMillicores: { asked: asked.cpuMillicores, offered: offers.cpuMillicores },
  memoryMiB: { asked: asked.memoryMiB, offered: offers.memoryMiB },
});

/**
 * Whether everything fits, for a number of queues, with every autoscaler at its maximum. Surge pods of a rolling
 * update are not counted: they wait where a node is full, and the old pod serves on.
 */
export function nodesFit(spec: TierSpec, queues: number): PoolFit[] {
  const { cluster, app, pgbouncer, workers, postgres, redis, keep } = spec;
  if (cluster.kind === "existing") return [];
  const inCluster = (place: string) => (place === "cluster" || keep.clusterStores ? 1 : 0);
  const platform: [number, ContainerSize][] = [
    [1, system[cluster.kind]],
    [app.maxReplicas, app.container],
    [app.maxReplicas, gatewaySize],
    [pgbouncer.replicas, pgbouncer.container],
    [pgbouncer.replicas, exporterSize],
    [inCluster(postgres.place), postgres.cluster.container],
    [inCluster(redis.place), redis.cluster.container],
    [workers.scaler === "queue" && queues > 0 ? 3 : 0, kedaSize],
  ];
  const jobs: [number, ContainerSize] = [queues * workers.maxReplicas, workers.container];
  if (cluster.kind === "k3s")
    return [poolFit("node", sum([...platform, jobs]), offered(cluster.instanceTypes, 1, "k3s"))];
  const { general, spot } = cluster;
  const generalOffer = offered(general.instanceTypes, general.maxNodes, "eks");
  if (!spot) return [poolFit("general", sum([...platform, jobs]), generalOffer)];
  return [
    poolFit("general", sum(platform), generalOffer),
    poolFit("spot", sum([jobs]), offered(spot.instanceTypes, spot.maxNodes, "eks")),
  ];
}

/** Where the memory of a k3s node goes, outside of the product's own pods. docs/adr/0002-sizes-and-budgets.md has the sum. */

/** A part of the node. */
export interface MemoryPart {
  part: string;
  memoryMiB: number;
  /** Where the figure comes from. */
  basis: string;
}

/**
 * Soft limit of the Go heap of the k3s server, in MiB. Without one k3s used 1.2 GB on a small node, with it 750 MB
 * (https://farcaller.net/2024/run-your-k3s-with-gomemlimit-for-better-memory-footprint). The garbage collector works
 * harder near the limit, and the process may exceed it.
 */
export const goMemoryLimitMiB = 800;

/**
 * Pods that k3s brings along. The scheduler counts requests only, the kernel counts all of them towards the memory of
 * all pods.
 */
export const systemPods: MemoryPart[] = [
  { part: "CoreDNS and metrics-server", memoryMiB: 140, basis: "requests in k3s's manifests" },
  { part: "Traefik, ServiceLB and the local-path provisioner", memoryMiB: 80, basis: "estimate; they request nothing" },
];

/** Processes that run beside the pods. */
export const processes: MemoryPart[] = [
  { part: "k3s: API server, controllers, scheduler, kubelet", memoryMiB: goMemoryLimitMiB, basis: "its `GOMEMLIMIT`" },
  { part: "containerd, and a shim for each of 12 pods", memoryMiB: 200, basis: "estimate: 80 and 10 each" },
  { part: "operating system", memoryMiB: 150, basis: "estimate for Amazon Linux 2023" },
];

export const memoryOf = (parts: MemoryPart[]): number => parts.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0);

/**
 * Memory that pods leave to these processes, in MiB (`systemReserved` of the kubelet). The processes may need more: what
 * they use seldom goes to swap.
 */
export const reservedMiB = 560;

/** Swap file of the node, in MiB. Only the processes may swap; a pod has its limit and no more. */
export const swapMiB = 1280;

/**
 * What k3s 1.26 with all packaged components used on a node of 8 GB under a workload, in MB: the 95th percentile
 * (https://docs.k3s.io/reference/resource-profiling). Reserve and swap cover it, with the operating system.
 */
export const publishedProfileMB = 1596;

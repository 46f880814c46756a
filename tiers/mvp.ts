import { startupManaged } from "./managed";
import { poolerOf } from "./pooler-memory";
import type { TierSpec } from "./types";

/**
 * MVP: fewer than 100 users a day. Everything runs on one spot node and must survive AWS reclaiming the instance.
 */
export const mvp: TierSpec = {
  budgetUsd: {
    from: 0,
    to: 10,
    accepted: {
      upToUsd: 12,
      reason: "k3s needs 2 GiB of memory and the node a public IPv4, which alone cost 9.78 at half the on-demand price",
    },
  },
  load: { requestsPerMinute: 1000, queriesPerSecond: 50, concurrentUsers: 50 },
  // A NAT gateway would cost three times the tier's budget.
  network: { egress: "public", flowLogs: false },
  target: {
    kind: "k3s",
    // 2 vCPU and 2 GiB: the minimum of a k3s server (docs.k3s.io, requirements). t4g.medium is the fallback without
    // t4g.small spot capacity.
    instanceTypes: ["t4g.small", "t4g.medium"],
    capacity: "spot",
    // Two busy vCPUs in unlimited mode would cost four times the tier's budget (docs/adr/0002-sizes-and-budgets.md).
    cpuCredits: "standard",
  },
  // What tiers/disk.ts counts, and room beside it. Every tier has the same size, because EBS cannot shrink a volume, so a
  // move down would be refused.
  dataVolumeGiB: 10,
  postgres: {
    place: "cluster",
    cluster: { container: { cpuMillicores: 100, memoryMiB: 256 }, storageGiB: 3, maxConnections: 60 },
    managed: startupManaged.postgres,
  },
  pgbouncer: {
    // Ten connections for each of 50 concurrent users.
    ...poolerOf(25, { replicas: 1, maxClientConnections: 500 }),
    serverConnections: 50,
    reservePoolSize: 2,
    // A migration and four clients that listen.
    sessionPoolSize: 5,
  },
  redis: {
    place: "cluster",
    cluster: { container: { cpuMillicores: 50, memoryMiB: 128 }, storageGiB: 1 },
    managed: startupManaged.redis,
  },
  app: { minReplicas: 1, maxReplicas: 2, container: { cpuMillicores: 100, memoryMiB: 128 } },
  workers: {
    minReplicas: 1,
    maxReplicas: 2,
    scaler: "cpu",
    queueHigh: 100,
    container: { cpuMillicores: 50, memoryMiB: 96 },
  },
  edge: { waf: false },
  logs: { audit: false, requests: false },
  observability: {
    enabled: false,
    // No room on the node: t4g.medium has it (docs/observability.md).
    prometheus: { cpuMillicores: 50, memoryMiB: 256 },
    metricsGiB: 1,
    logs: { cpuMillicores: 20, memoryMiB: 256 },
    logsDays: 7,
    mails: false,
    cloudwatch: false,
  },
  keep: { clusterStores: false, managedStores: false, nodeState: false },
};

import { poolerOf } from "./pooler-memory";
import { startup } from "./startup";
import type { TierSpec } from "./types";

/**
 * Growth: 1,000 to 10,000 users a day. Several nodes, a load balancer, a read replica. Workers scale with the queue.
 */
export const growth: TierSpec = {
  budgetUsd: { from: 150, to: 300 },
  load: { requestsPerMinute: 20000, queriesPerSecond: 500, concurrentUsers: 1000 },
  network: { egress: "public", flowLogs: true },
  target: {
    kind: "eks",
    // t4g.medium is the smallest type that Auto Mode supports. Two nodes, so that one can terminate at any time.
    general: { instanceTypes: ["t4g.medium"], nodes: 2, maxNodes: 3 },
  },
  dataVolumeGiB: startup.dataVolumeGiB,
  postgres: {
    place: "managed",
    // Only on an existing cluster. Twice the connections of MVP, for the poolers of a rollout, and the memory for them.
    cluster: {
      ...startup.postgres.cluster,
      container: { cpuMillicores: 250, memoryMiB: 512 },
      maxConnections: 120,
    },
    managed: {
      ...startup.postgres.managed,
      // max_connections is 413 on 4 GiB, as measured.
      instanceClass: "db.t4g.medium",
      replicas: 1,
    },
  },
  pgbouncer: {
    ...poolerOf(100, { replicas: 2, maxClientConnections: 2500 }),
    serverConnections: 100,
    reservePoolSize: 3,
    sessionPoolSize: startup.pgbouncer.sessionPoolSize,
  },
  redis: {
    place: "managed",
    cluster: startup.redis.cluster,
    managed: { ...startup.redis.managed, snapshotRetentionDays: 3 },
  },
  app: { minReplicas: 2, maxReplicas: 3, container: { cpuMillicores: 250, memoryMiB: 256 } },
  workers: {
    minReplicas: 1,
    maxReplicas: 5,
    scaler: "queue",
    queueHigh: 100,
    container: { cpuMillicores: 200, memoryMiB: 256 },
  },
  edge: { waf: true },
  logs: { audit: false, requests: true },
  observability: {
    enabled: false,
    prometheus: { cpuMillicores: 100, memoryMiB: 512 },
    // As at Scale: a volume cannot shrink, so a move down would be refused.
    metricsGiB: 16,
    logs: { cpuMillicores: 50, memoryMiB: 320 },
    logsDays: 30,
    mails: false,
    cloudwatch: true,
  },
  keep: { clusterStores: false, managedStores: false, nodeState: false },
};

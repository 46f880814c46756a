import { growth } from "./growth";
import { poolerOf } from "./pooler-memory";
import type { TierSpec } from "./types";

/**
 * Scale: 10,000 to 100,000 users a day. Everything survives the loss of a zone except egress, which depends on one NAT
 * gateway. `network.egress: nat-per-zone` removes that dependency (docs/adr/0002-sizes-and-budgets.md has its price).
 */
export const scale: TierSpec = {
  budgetUsd: { from: 500, to: 1000 },
  // Nobody gives a request rate.
  load: { clientConnections: 10000 },
  network: { egress: "nat", flowLogs: true },
  target: {
    kind: "eks",
    general: { instanceTypes: ["m7g.large"], nodes: 3, maxNodes: 6 },
    // Several types, so that AWS can pick the one with spare spot capacity. Ten nodes hold the workers of four queues at
    // their maximum, as many as Growth holds.
    spot: { instanceTypes: ["c7g.large", "m7g.large", "t4g.large"], nodes: 1, maxNodes: 10 },
  },
  dataVolumeGiB: growth.dataVolumeGiB,
  postgres: {
    place: "managed",
    // Only on an existing cluster, in the proportions of Growth.
    cluster: {
      ...growth.postgres.cluster,
      container: { cpuMillicores: 500, memoryMiB: 1024 },
      maxConnections: 240,
    },
    managed: {
      ...growth.postgres.managed,
      // max_connections is 856 on 8 GiB, as measured.
      instanceClass: "db.t4g.large",
      storageGiB: 50,
      multiAz: true,
      replicas: 2,
      backupRetentionDays: 14,
      crossRegionBackups: true,
    },
  },
  pgbouncer: {
    // Two of three pods still serve 10,000 clients after the loss of a zone.
    ...poolerOf(250, { replicas: 3, maxClientConnections: 5000 }),
    serverConnections: 100,
    reservePoolSize: 3,
    sessionPoolSize: growth.pgbouncer.sessionPoolSize,
  },
  redis: {
    place: "managed",
    cluster: growth.redis.cluster,
    // Three shards of 1.37 GiB: above 4 GB, where one node no longer does.
    managed: { nodeType: "cache.t4g.small", shards: 3, replicasPerShard: 1, snapshotRetentionDays: 7 },
  },
  app: { minReplicas: 2, maxReplicas: 10, container: { cpuMillicores: 500, memoryMiB: 512 } },
  workers: {
    minReplicas: 1,
    maxReplicas: 10,
    scaler: "queue",
    queueHigh: 100,
    // Four on a c7g.large, which has 1920m for pods.
    container: { cpuMillicores: 480, memoryMiB: 512 },
  },
  edge: { waf: true },
  logs: { audit: false, requests: true },
  observability: {
    enabled: false,
    prometheus: { cpuMillicores: 200, memoryMiB: 1024 },
    metricsGiB: 16,
    logs: { cpuMillicores: 100, memoryMiB: 512 },
    logsDays: 30,
    mails: false,
    cloudwatch: true,
  },
  keep: { clusterStores: false, managedStores: false, nodeState: false },
};

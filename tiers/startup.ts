import { startupManaged } from "./managed";
import { mvp } from "./mvp";
import { poolerOf } from "./pooler-memory";
import type { TierSpec } from "./types";

/**
 * Startup: 100 to 1,000 users a day. One larger on-demand node ("vertical first"). The data moves to managed services
 * that AWS backs up and patches.
 */
export const startup: TierSpec = {
  budgetUsd: { from: 65, to: 100 },
  load: { requestsPerMinute: 5000, queriesPerSecond: 200, concurrentUsers: 200 },
  network: { egress: "public", flowLogs: false },
  target: {
    kind: "k3s",
    // 8 GiB fit three application pods and the in-cluster stores kept from MVP. CPU baseline: 30 % per vCPU.
    instanceTypes: ["t4g.large"],
    capacity: "on-demand",
  },
  dataVolumeGiB: mvp.dataVolumeGiB,
  postgres: { place: "managed", cluster: mvp.postgres.cluster, managed: startupManaged.postgres },
  pgbouncer: {
    ...poolerOf(50, { replicas: 1, maxClientConnections: 2000 }),
    // The database has at most 100 connections at peak.
    serverConnections: 100,
    reservePoolSize: 3,
    sessionPoolSize: mvp.pgbouncer.sessionPoolSize,
  },
  redis: { place: "managed", cluster: mvp.redis.cluster, managed: startupManaged.redis },
  app: { minReplicas: 1, maxReplicas: 3, container: { cpuMillicores: 200, memoryMiB: 256 } },
  workers: {
    minReplicas: 1,
    maxReplicas: 2,
    scaler: "cpu",
    queueHigh: 100,
    container: { cpuMillicores: 100, memoryMiB: 256 },
  },
  edge: { waf: false },
  logs: { audit: false, requests: false },
  observability: {
    enabled: false,
    prometheus: { cpuMillicores: 50, memoryMiB: 384 },
    metricsGiB: 1,
    logs: { cpuMillicores: 20, memoryMiB: 256 },
    logsDays: 14,
    mails: false,
    cloudwatch: false,
  },
  keep: { clusterStores: true, managedStores: false, nodeState: false },
};

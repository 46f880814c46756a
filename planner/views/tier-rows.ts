/** The sizes of every tier, side by side: the rows of docs/tiers.md and of the report. */
import { pointInTimeDays } from "../../components/postgres/dumps/retention";
import { maxMemoryMiB } from "../../components/redis/cluster/memory";
import {
  type NodePoolSize,
  type PostgresPlace,
  type PostgresSize,
  type RedisPlace,
  type RedisSize,
  type TierSpec,
  tierNames,
  tiers,
} from "../../tiers";
import { queuesThatFit } from "../../tiers/capacity";
import { budgetOf } from "../../tiers/connections";
import { count } from "./text";

const range = ({ minReplicas, maxReplicas }: { minReplicas: number; maxReplicas: number }) =>
  minReplicas === maxReplicas ? `${minReplicas}` : `${minReplicas} - ${maxReplicas}`;
/** `50m, 256 MiB`. */
export const sizeText = ({ cpuMillicores, memoryMiB }: { cpuMillicores: number; memoryMiB: number }) =>
  `${cpuMillicores}m, ${memoryMiB} MiB`;

function targetText({ target }: TierSpec): string {
  switch (target.kind) {
    case "existing":
      return "an existing cluster";
    case "k3s":
      return `k3s on one ${target.capacity} ${target.instanceTypes[0]}`;
    case "eks": {
      const { general, spot } = target;
      const pool = (label: string, { nodes, maxNodes, instanceTypes }: NodePoolSize) =>
        `${nodes} - ${maxNodes} ${label} ${instanceTypes[0]}`;
      return [`EKS Auto Mode: ${pool("on-demand", general)}`, spot && pool("spot", spot)].filter(Boolean).join(", ");
    }
  }
}

const postgresTexts: Record<PostgresPlace, (postgres: PostgresSize) => { server: string; backups: string }> = {
  cluster: ({ cluster }) => ({
    server: `StatefulSet, ${cluster.storageGiB} GiB, ${sizeText(cluster.container)}`,
    backups: `nightly dump to S3, 30 days; any second of the last ${pointInTimeDays} days`,
  }),
  managed: ({ managed }) => {
    const copies = managed.replicas > 0 ? ` + ${count(managed.replicas, "read replica")}` : "";
    return {
      server: `RDS ${managed.instanceClass}, ${managed.storageGiB} GiB${managed.multiAz ? ", Multi-AZ" : ""}${copies}`,
      backups: `${managed.backupRetentionDays} days${managed.crossRegionBackups ? ", copied to a second region" : ""}`,
    };
  },
};

const redisTexts: Record<RedisPlace, (redis: RedisSize) => string> = {
  cluster: ({ cluster: { container } }) =>
    `one pod, cluster mode, ${sizeText(container)}, up to ${maxMemoryMiB(container.memoryMiB)} MiB of data`,
  managed: ({ managed: { nodeType, shards, replicasPerShard } }) =>
    `ElastiCache ${nodeType}, ${count(shards, "shard")} x ${count(1 + replicasPerShard, "node")}`,
};

function pgbouncerText(spec: TierSpec): string {
  const budget = budgetOf(spec);
  return `${count(spec.pgbouncer.replicas, "pod")}, ${budget.clientConnections} clients on ${budget.serverConnections} of ${budget.maxConnections} connections (pools of ${budget.poolSize} + ${budget.reservePoolSize}, ${budget.sessionPoolSize} sessions)`;
}

const required = (figure: number | undefined) => (figure === undefined ? "-" : `${figure}`);

const lines: [label: string, text: (spec: TierSpec) => string][] = [
  ["budget, USD per month", ({ budgetUsd }) => `${budgetUsd.from} - ${budgetUsd.to}`],
  ["required: requests per minute", ({ load }) => required(load.requestsPerMinute)],
  ["required: queries per second", ({ load }) => required(load.queriesPerSecond)],
  ["required: concurrent users", ({ load }) => required(load.concurrentUsers)],
  ["required: client connections", ({ load }) => required(load.clientConnections)],
  ["cluster", targetText],
  ["egress", ({ network }) => network.egress],
  ["flow logs", ({ network }) => (network.flowLogs ? "yes" : "no")],
  ["Postgres", ({ postgres }) => postgresTexts[postgres.place](postgres).server],
  ["backups", ({ postgres }) => postgresTexts[postgres.place](postgres).backups],
  ["PgBouncer", pgbouncerText],
  ["Redis (Valkey)", ({ redis }) => redisTexts[redis.place](redis)],
  ["application", ({ app }) => `${range(app)} pods, ${sizeText(app.container)}`],
  [
    "workers, per queue",
    ({ workers }) =>
      `${range(workers)} pods, ${sizeText(workers.container)}, scaled on ${workers.scaler === "queue" ? "waiting jobs (KEDA)" : "CPU"}`,
  ],
  ["queues that fit by default", (spec) => `${queuesThatFit(spec)}`],
  ["queues that fit beside a migration", (spec) => `${queuesThatFit(spec, { migration: {} })}`],
  ["edge", ({ edge }) => (edge.waf ? "CloudFront + WAF" : "CloudFront")],
  ["request log", ({ logs }) => (logs.requests ? "yes" : "no")],
];

/** A row per size: its label, then a cell per tier. */
export const tierRows = (): string[][] =>
  lines.map(([label, text]) => [label, ...tierNames.map((tier) => text(tiers[tier]))]);

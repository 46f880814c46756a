/** Renders docs/tiers.md: the sizes of every tier, side by side. */
import { type TierSpec, tierNames, tiers } from "../tiers";
import { budgetOf } from "../tiers/connections";

const store = (place: string, managed: string, cluster: string) => (place === "managed" ? managed : cluster);
const range = ({ minReplicas, maxReplicas }: { minReplicas: number; maxReplicas: number }) =>
  minReplicas === maxReplicas ? `${minReplicas}` : `${minReplicas} - ${maxReplicas}`;
const size = ({ cpuMillicores, memoryMiB }: { cpuMillicores: number; memoryMiB: number }) =>
  `${cpuMillicores}m, ${memoryMiB} MiB`;

function targetText({ target }: TierSpec): string {
  if (target.kind === "k3s") return `k3s on one ${target.capacity} ${target.instanceTypes[0]}`;
  if (target.kind === "existing") return "an existing cluster";
  const { general, spot } = target;
  const pool = (label: string, { nodes, maxNodes, instanceTypes }: typeof general) =>
    `${nodes} - ${maxNodes} ${label} ${instanceTypes[0]}`;
  return [`EKS Auto Mode: ${pool("on-demand", general)}`, spot && pool("spot", spot)].filter(Boolean).join(", ");
}

function postgresText({ postgres }: TierSpec): string {
  const { managed, cluster, place } = postgres;
  const copies = managed.replicas > 0 ? ` + ${managed.replicas} read replica${managed.replicas > 1 ? "s" : ""}` : "";
  const rds = `RDS ${managed.instanceClass}, ${managed.storageGiB} GiB${managed.multiAz ? ", Multi-AZ" : ""}${copies}`;
  return store(place, rds, `StatefulSet, ${cluster.storageGiB} GiB, ${size(cluster.container)}`);
}

function redisText({ redis }: TierSpec): string {
  const { managed, cluster, place } = redis;
  const elasticache = `ElastiCache ${managed.nodeType}, ${managed.shards} shard${managed.shards > 1 ? "s" : ""} x ${1 + managed.replicasPerShard} nodes`;
  return store(place, elasticache, `one pod, cluster mode, ${size(cluster.container)}`);
}

function pgbouncerText(spec: TierSpec): string {
  const budget = budgetOf(spec);
  return `${spec.pgbouncer.replicas} pod${spec.pgbouncer.replicas > 1 ? "s" : ""}, ${budget.clientConnections} clients on ${budget.serverConnections} of ${budget.maxConnections} connections (pool ${budget.poolSize} + ${budget.reservePoolSize})`;
}

const lines: [label: string, text: (spec: TierSpec) => string][] = [
  ["budget, USD a month", ({ budgetUsd }) => `${budgetUsd.from} - ${budgetUsd.to}`],
  ["requests a minute", ({ load }) => `${load.requestsPerMinute}`],
  ["queries a second", ({ load }) => `${load.queriesPerSecond}`],
  ["concurrent users", ({ load }) => `${load.concurrentUsers}`],
  ["cluster", targetText],
  ["egress", ({ network }) => network.egress],
  ["flow logs", ({ network }) => (network.flowLogs ? "yes" : "no")],
  ["Postgres", postgresText],
  [
    "backups",
    ({ postgres: { place, managed } }) =>
      place === "managed"
        ? `${managed.backupRetentionDays} days${managed.crossRegionBackups ? ", copied to a second region" : ""}`
        : "nightly dump to S3, 30 days",
  ],
  ["PgBouncer", pgbouncerText],
  ["Redis (Valkey)", redisText],
  ["application", ({ app }) => `${range(app)} pods, ${size(app.container)}`],
  [
    "workers, a queue",
    ({ workers }) =>
      `${range(workers)} pods, ${size(workers.container)}, on ${workers.scaler === "queue" ? "jobs waiting (KEDA)" : "CPU"}`,
  ],
  ["edge", ({ edge }) => (edge.waf ? "CloudFront + WAF" : "CloudFront")],
];

export function tiersPage(): string {
  const table = lines.map(
    ([label, text]) => `| ${label} | ${tierNames.map((tier) => text(tiers[tier])).join(" | ")} |`,
  );
  return `<!-- Generated from tiers/ by \`npm run generate\`; edit there. -->
# Tiers

Sizes as data, one file a tier; the reasons stand beside them in \`tiers/*.ts\`. Any of them can be overridden in a stack
file (configuration.md).

| | ${tierNames.join(" | ")} |
|---|${tierNames.map(() => "---").join("|")}|
${table.join("\n")}
`;
}

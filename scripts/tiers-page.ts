/** Renders docs/tiers.md: the sizes of every tier, side by side. */
import { type NodePoolSize, type TierSpec, tierNames, tiers } from "../tiers";
import { budgetOf } from "../tiers/connections";
import { table } from "./markdown";

const count = (number: number, thing: string) => `${number} ${thing}${number === 1 ? "" : "s"}`;
const store = (place: string, managed: string, cluster: string) => (place === "managed" ? managed : cluster);
const range = ({ minReplicas, maxReplicas }: { minReplicas: number; maxReplicas: number }) =>
  minReplicas === maxReplicas ? `${minReplicas}` : `${minReplicas} - ${maxReplicas}`;
const size = ({ cpuMillicores, memoryMiB }: { cpuMillicores: number; memoryMiB: number }) =>
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

function postgresText({ postgres }: TierSpec): string {
  const { managed, cluster, place } = postgres;
  const copies = managed.replicas > 0 ? ` + ${count(managed.replicas, "read replica")}` : "";
  const rds = `RDS ${managed.instanceClass}, ${managed.storageGiB} GiB${managed.multiAz ? ", Multi-AZ" : ""}${copies}`;
  return store(place, rds, `StatefulSet, ${cluster.storageGiB} GiB, ${size(cluster.container)}`);
}

function redisText({ redis }: TierSpec): string {
  const { managed, cluster, place } = redis;
  const elasticache = `ElastiCache ${managed.nodeType}, ${count(managed.shards, "shard")} x ${count(1 + managed.replicasPerShard, "node")}`;
  return store(place, elasticache, `one pod, cluster mode, ${size(cluster.container)}`);
}

function pgbouncerText(spec: TierSpec): string {
  const budget = budgetOf(spec);
  return `${count(spec.pgbouncer.replicas, "pod")}, ${budget.clientConnections} clients on ${budget.serverConnections} of ${budget.maxConnections} connections (pool ${budget.poolSize} + ${budget.reservePoolSize})`;
}

const lines: [label: string, text: (spec: TierSpec) => string][] = [
  ["budget, USD per month", ({ budgetUsd }) => `${budgetUsd.from} - ${budgetUsd.to}`],
  ["requests per minute", ({ load }) => `${load.requestsPerMinute}`],
  ["queries per second", ({ load }) => `${load.queriesPerSecond}`],
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
    "workers, per queue",
    ({ workers }) =>
      `${range(workers)} pods, ${size(workers.container)}, scaled on ${workers.scaler === "queue" ? "waiting jobs (KEDA)" : "CPU"}`,
  ],
  ["edge", ({ edge }) => (edge.waf ? "CloudFront + WAF" : "CloudFront")],
];

export function tiersPage(): string {
  const rows = lines.map(([label, text]) => [label, ...tierNames.map((tier) => text(tiers[tier]))]);
  return `<!-- Generated from tiers/ by \`npm run generate\`; edit there. -->
# Tiers

Each tier is a file of data in \`tiers/\`, which also gives the reasons. Override sizes in a stack file, with the keys in
[configuration.md](configuration.md).

${table(["", ...tierNames], ["---", ...tierNames.map(() => "---")], rows)}
`;
}

/**
 * All pinned versions of the stack: engines, charts, images, machine images. Nothing resolves to "latest".
 * scripts/provenance.ts names the source of each.
 */
export const versions = {
  /** EKS. Must be in standard support: extended support costs 0.50 USD an hour more. */
  kubernetes: "1.36",
  k3s: "v1.36.3+k3s1",
  /** SHA-256 of the release's `k3s-arm64` binary. */
  k3sSha256: "c9a209103f480f163b7c6a56f00862b4481927b284dc29a3716bb70d886691a8",
  /** Amazon Linux 2023, arm64, by exact name. AWS deprecates images after 90 days, so the lookup includes those. */
  nodeImage: { name: "al2023-ami-2023.12.20260918.0-kernel-6.1-arm64", owner: "137112412989" },
  kedaChart: "2.21.1",
  metricsServerAddon: "metrics-server",
  rds: { engineVersion: "17.11", family: "postgres17", caCertIdentifier: "rds-ca-rsa2048-g1" },
  /** The next major version, to which a handover may lead (`postgres.majorVersion`). */
  rdsNext: { engineVersion: "18.6", family: "postgres18" },
  elasticache: { engineVersion: "8.1", family: "valkey8" },
} as const;

export interface Image {
  image: string;
  /** Numeric user and group of the image. A user name would fail `runAsNonRoot`. */
  uid: number;
  gid: number;
}

export const images = {
  /** Same major version as RDS, so that dumps can be restored in both directions. */
  postgres: { image: "docker.io/pgvector/pgvector:0.8.6-pg17-trixie", uid: 999, gid: 999 },
  /** At least 1.25.2, which fixes CVE-2026-6664. Lists of hosts with verify-full work from 1.25.0 on. */
  pgbouncer: { image: "ghcr.io/cloudnative-pg/pgbouncer:1.25.2", uid: 998, gid: 996 },
  pgbouncerExporter: { image: "docker.io/prometheuscommunity/pgbouncer-exporter:v0.12.1", uid: 65534, gid: 65534 },
  /** Same major and minor version as ElastiCache: only the same or a newer version can read an RDB file. */
  valkey: { image: "docker.io/valkey/valkey:8.1.9", uid: 999, gid: 999 },
  /** A release with long-term support. */
  prometheus: { image: "quay.io/prometheus/prometheus:v3.13.3", uid: 65534, gid: 65534 },
  alertmanager: { image: "quay.io/prometheus/alertmanager:v0.33.1", uid: 65534, gid: 65534 },
  grafana: { image: "docker.io/grafana/grafana:13.0.2", uid: 472, gid: 472 },
  kubeStateMetrics: {
    image: "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.19.1",
    uid: 65534,
    gid: 65534,
  },
  postgresExporter: { image: "quay.io/prometheuscommunity/postgres-exporter:v0.19.1", uid: 65534, gid: 65534 },
  redisExporter: { image: "docker.io/oliver006/redis_exporter:v1.86.0", uid: 59000, gid: 59000 },
  /** Yet Another CloudWatch Exporter. */
  cloudwatchExporter: {
    image: "quay.io/prometheuscommunity/yet-another-cloudwatch-exporter:v0.67.0",
    uid: 65534,
    gid: 65534,
  },
  nodeExporter: { image: "quay.io/prometheus/node-exporter:v1.12.1", uid: 65534, gid: 65534 },
  /** VictoriaLogs: the store of the logs, and its agent. Of one version. */
  logStore: { image: "docker.io/victoriametrics/victoria-logs:v1.52.2", uid: 65534, gid: 65534 },
  logAgent: { image: "docker.io/victoriametrics/vlagent:v1.52.2", uid: 65534, gid: 65534 },
  gateway: { image: "docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine3.24", uid: 101, gid: 101 },
} as const satisfies Record<string, Image>;

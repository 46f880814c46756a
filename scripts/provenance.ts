import type { images, versions } from "../versions";

/** A pin of versions.ts. */
export type Pin = keyof typeof versions | keyof typeof images;

/** The source of each pin. A new pin without an entry fails the type check. */
export const provenance: Record<Pin, { what: string; seen: string }> = {
  kubernetes: {
    what: "EKS",
    seen:
      "awslabs/amazon-eks-ami releases of June to August 2026; EKS user guide. Standard support lasts 14 months; no " +
      "published end date found",
  },
  k3s: {
    what: "k3s",
    seen: "k3s-io/k3s issue 14492 (stable channel, August 2026); nixpkgs `k3s/1_36/versions.nix`",
  },
  k3sSha256: {
    what: "k3s-arm64 SHA-256",
    seen: "two public pin files; not compared with the release's own `sha256sum-arm64.txt`",
  },
  nodeImage: {
    what: "node image, owner",
    seen: "name: public configurations of September 2026; looked up by name, deprecated images included",
  },
  kedaChart: {
    what: "KEDA chart",
    seen: "kedacore/charts release; tested by the KEDA project on Kubernetes 1.34 - 1.36",
  },
  metricsServerAddon: {
    what: "metrics-server add-on of EKS",
    seen: "not pinned: no published version for this Kubernetes; EKS installs its default",
  },
  postgres: { what: "Postgres image", seen: "public deployment files" },
  pgbouncer: { what: "PgBouncer image", seen: "public deployment files; user and group from its Dockerfile" },
  pgbouncerExporter: { what: "PgBouncer exporter", seen: "prometheus-community chart 0.10.1" },
  valkey: {
    what: "Valkey image",
    seen: "public deployment files; the same minor version as ElastiCache, so that RDB files move in both directions",
  },
  prometheus: { what: "Prometheus", seen: "public deployment files; 3.13 has long-term support" },
  alertmanager: {
    what: "Alertmanager",
    seen: "public deployment files, with Prometheus 3.13; user from its Dockerfile",
  },
  grafana: { what: "Grafana (AGPL: named, never built)", seen: "public deployment files; user from its Dockerfile" },
  kubeStateMetrics: { what: "kube-state-metrics", seen: "public deployment files" },
  postgresExporter: { what: "Postgres exporter", seen: "public deployment files" },
  redisExporter: { what: "Redis exporter", seen: "public deployment files; user and group from its Dockerfile" },
  nodeExporter: { what: "node exporter", seen: "its Go module; public deployment files; user from its Dockerfile" },
  cloudwatchExporter: {
    what: "CloudWatch exporter (YACE)",
    seen: "its Go module, built and run by the tests; registry from its README, user from its Dockerfile",
  },
  logStore: { what: "VictoriaLogs", seen: "its Go module, built and run by the tests; any user may run the image" },
  logAgent: {
    what: "vlagent, of VictoriaLogs",
    seen: "its Go module, built and run by the tests; any user may run the image",
  },
  gateway: { what: "gateway (nginx)", seen: "three public pin files; nginx's stable line" },
  rds: { what: "RDS PostgreSQL, parameter family, CA", seen: "version: AWS notice of August 2026" },
  rdsNext: { what: "RDS PostgreSQL of the next major version", seen: "two public stacks of August 2026 and later" },
  elasticache: { what: "ElastiCache for Valkey, parameter family", seen: "ElastiCache user guide, engine versions" },
};

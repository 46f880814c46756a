/** What Prometheus scrapes: the values of the label `job`. */
export const jobs = [
  "app",
  "worker",
  "pgbouncer",
  "postgres",
  "redis",
  "kube-state-metrics",
  "kubelet",
  "node",
  "prometheus",
  "alertmanager",
  "cloudwatch",
] as const;

export type Job = (typeof jobs)[number];

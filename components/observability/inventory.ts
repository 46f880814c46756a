/**
 * The names of all metrics that the exporters of the stack export, recorded: a rule or a panel on any other could never
 * have data. The metrics of the application and its workers are those of docs/metrics.md.
 */
import alertmanager from "./inventory/alertmanager.json";
import cloudwatch from "./inventory/cloudwatch.json";
import kubeStateMetrics from "./inventory/kube-state-metrics.json";
import kubelet from "./inventory/kubelet.json";
import node from "./inventory/node.json";
import pgbouncer from "./inventory/pgbouncer.json";
import postgres from "./inventory/postgres.json";
import prometheus from "./inventory/prometheus.json";
import redis from "./inventory/redis.json";
import type { Job } from "./jobs";

export interface Inventory {
  exporter: string;
  /** The version that was recorded. */
  version: string;
  /** How. */
  recorded: string;
  /** Names of the series. */
  metrics: string[];
}

/** What each job exports, by its name. */
export const inventory = {
  pgbouncer,
  postgres,
  redis,
  "kube-state-metrics": kubeStateMetrics,
  kubelet,
  node,
  prometheus,
  alertmanager,
  cloudwatch,
} satisfies Partial<Record<Job, Inventory>>;

import { join } from "node:path";

/**
 * Recorded by tests/cluster/kube-state-metrics.test.ts: what kube-state-metrics exports of the stack startup on a real API
 * server with simulated nodes, as far as the dashboards read it.
 */
export const kubeStateMetricsFile = join(__dirname, "expositions", "kube-state-metrics.prom");

/**
 * Recorded with the flags of the stack, from a node exporter without rights in a root, process and network namespace of its
 * own, as a container has them; as far as the dashboards read it.
 */
export const nodeExporterFile = join(__dirname, "expositions", "node-exporter.prom");

/** The samples of metrics, as they stand in an exposition. */
export const samplesOf = (exposition: string, metrics: readonly string[]): string[] =>
  exposition.split("\n").filter((line) => metrics.includes(/^[a-zA-Z_:][\w:]*/.exec(line)?.[0] ?? ""));

import type { ContainerSize, ObservabilitySize } from "./types";

/**
 * Requests of the containers beside Prometheus in its pod. The exporters' memory grows with the objects and the
 * statements that they read, and not with the load.
 */
export const observabilityContainers = {
  kubeStateMetrics: { cpuMillicores: 10, memoryMiB: 48 },
  postgresExporter: { cpuMillicores: 10, memoryMiB: 32 },
  redisExporter: { cpuMillicores: 10, memoryMiB: 24 },
  // Its own documents recommend 512 MiB for many users; here a few look at five dashboards.
  grafana: { cpuMillicores: 20, memoryMiB: 256 },
  // With 300 alerts in 9 groups, version 0.33.1 took 14 MiB, and 28 MiB for its program.
  alertmanager: { cpuMillicores: 10, memoryMiB: 64 },
  // With Scale's figures and a look a second, version 0.67.0 took 34 MiB, and 18 MiB for its program.
  cloudwatchExporter: { cpuMillicores: 10, memoryMiB: 64 },
} as const satisfies Record<string, ContainerSize>;

/**
 * Requests of the containers that run once on every node, measured: the node exporter took 21 MiB, the agent 76 MiB with
 * 240,000 lines that waited.
 */
export const nodeContainers = {
  nodeExporter: { cpuMillicores: 10, memoryMiB: 32 },
  logAgent: { cpuMillicores: 10, memoryMiB: 96 },
} as const satisfies Record<string, ContainerSize>;

/**
 * Share of the volume that Prometheus' blocks may take. The rest is for its write-ahead log of three hours, and for the
 * block that it writes before it deletes the oldest (Prometheus, "Storage").
 */
const blocksShare = 0.8;

/**
 * Days that Prometheus keeps at most, if the volume has room for them. It bounds the blocks, too: they grow to a tenth of it (2.3 days
 * with 60, since each is three times the one before), and to 20 days without it (Prometheus 3.13, `cmd/prometheus/main.go`). Of
 * blocks of 20 days, the oldest would be most of the history, and the next one would not fit beside its parts.
 */
export const metricsDays = 60;

/** Returns what Prometheus keeps on its volume, in MiB. */
export const metricsMiB = ({ metricsGiB }: ObservabilitySize): number => Math.floor(metricsGiB * 1024 * blocksShare);

/** Returns the requests of every container of the pod. */
export function observabilityPod({ prometheus, mails, cloudwatch }: ObservabilitySize): ContainerSize[] {
  const { alertmanager, cloudwatchExporter, ...always } = observabilityContainers;
  return [
    prometheus,
    ...Object.values(always),
    ...(mails ? [alertmanager] : []),
    ...(cloudwatch ? [cloudwatchExporter] : []),
  ];
}

/** Whether the logs of the pods are kept. */
export const keepsLogs = (size: ObservabilitySize): size is ObservabilitySize & { logsGiB: number } =>
  size.enabled && size.logsGiB !== undefined;

/** Returns how many MiB of their volume the logs may take. The last two days are kept however large they are. */
export const keptLogsMiB = ({ logsGiB }: { logsGiB: number }): number => Math.floor(logsGiB * 1024 * blocksShare);

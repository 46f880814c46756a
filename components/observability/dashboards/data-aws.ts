/** The stores as AWS measures them: what their servers cannot say of themselves. */
import { limits } from "./limits";
import { figure, figureShare } from "./selectors";
import type { Panel } from "./types";

const server = "{{name}}";
const node = "node {{name}}";

export const databases: Panel[] = [
  {
    title: "CPU of RDS",
    description: "Share of the instance's CPU in use.",
    unit: "share",
    kind: "lines",
    queries: [{ expr: figureShare("aws_rds_cpuutilization_average"), legend: server }],
    limit: { at: limits.cpu, side: "above" },
  },
  {
    title: "CPU credits of RDS",
    description:
      "Minutes of a vCPU that a burstable instance may still work above its baseline. At 0, each further hour costs extra.",
    unit: "count",
    kind: "lines",
    queries: [{ expr: figure("aws_rds_cpucredit_balance_maximum"), legend: server }],
  },
  {
    title: "Free storage of RDS",
    description: "Bytes free on the volume. RDS enlarges it below a tenth, up to `postgres.maxStorageGiB`.",
    unit: "bytes",
    kind: "lines",
    queries: [{ expr: figure("aws_rds_free_storage_space_average"), legend: server }],
  },
  {
    title: "Free memory of RDS",
    description: "Bytes that the instance could still give to Postgres, its cache of files among them.",
    unit: "bytes",
    kind: "lines",
    queries: [{ expr: figure("aws_rds_freeable_memory_average"), legend: server }],
  },
  {
    title: "Disk operations of RDS",
    description: "Reads and writes a second. The volume has a ceiling, and so has the instance class.",
    unit: "per second",
    kind: "lines",
    queries: [
      { expr: figure("aws_rds_read_iops_average"), legend: `${server} reads` },
      { expr: figure("aws_rds_write_iops_average"), legend: `${server} writes` },
    ],
  },
  {
    title: "Disk latency of RDS",
    description: "Time of a read and of a write. It rises when the volume is at its ceiling.",
    unit: "seconds",
    kind: "lines",
    queries: [
      { expr: figure("aws_rds_read_latency_average"), legend: `${server} reads` },
      { expr: figure("aws_rds_write_latency_average"), legend: `${server} writes` },
    ],
  },
  {
    title: "Disk queue of RDS",
    description: "Operations that wait for the volume.",
    unit: "count",
    kind: "lines",
    queries: [{ expr: figure("aws_rds_disk_queue_depth_average"), legend: server }],
  },
];

export const caches: Panel[] = [
  {
    title: "CPU of ElastiCache",
    description:
      "Share of the engine's one thread in use, and of the whole node. On a node of one or two vCPUs the node's counts.",
    unit: "share",
    kind: "lines",
    queries: [
      { expr: figureShare("aws_elasticache_engine_cpuutilization_average"), legend: `${node} engine` },
      { expr: figureShare("aws_elasticache_cpuutilization_average"), legend: node },
    ],
    limit: { at: limits.cpu, side: "above" },
  },
  {
    title: "Memory of ElastiCache",
    description: "Share of the memory for data in use, by which the alarm goes. Full, the server refuses writes.",
    unit: "share",
    kind: "lines",
    queries: [{ expr: figureShare("aws_elasticache_database_memory_usage_percentage_average"), legend: node }],
    limit: { at: limits.memory, side: "above" },
  },
  {
    title: "CPU credits of ElastiCache",
    description: "Minutes of a vCPU that a burstable node may still work above its baseline. At 0 it is slower.",
    unit: "count",
    kind: "lines",
    queries: [{ expr: figure("aws_elasticache_cpucredit_balance_maximum"), legend: node }],
  },
];

/** Alerts on metrics of the node exporter: disks, and CPU that the host does not give. */
import { thresholds } from "../../../../tiers/thresholds";
import { type AlertRule, decimal, label, sameIn } from "../rule";

const { tierStep, verticalStep } = thresholds;

const disk = "node, mountpoint";
const spacePercent = `100 * (1 - max by (${disk}) (node_filesystem_avail_bytes{job="node"}) / max by (${disk}) (node_filesystem_size_bytes{job="node"}))`;
const stolenPercent =
  '100 * sum by (node) (rate(node_cpu_seconds_total{job="node",mode="steal"}[15m])) / count by (node) (node_cpu_seconds_total{job="node",mode="idle"})';
const busyPercent = '100 * max by (node, device) (rate(node_disk_io_time_seconds_total{job="node"}[15m]))';

const stolenLimit = 10;
const busyLimit = 90;

const diskSteps = [
  "`/` has the images and, on k3s, the volumes in the cluster; `/kubelet` has the logs and the temporary files of the pods.",
  "The kubelet deletes unused images at 85 %, and evicts pods when a disk has only 5 % (k3s) or 10 to 15 % (EKS) left: find out what grows.",
  "k3s: raise `nodes.dataVolumeGiB`; the file system grows when the node starts again. EKS: a new node has a new disk.",
];

const diskSummary = (limit: number) =>
  `The disk of node ${label("node")} at ${label("mountpoint")} is ${decimal} % full (limit ${limit} %)`;

export const nodeExporterRules: AlertRule[] = [
  {
    name: "NodeDiskAlmostFull",
    service: "nodes",
    severity: "critical",
    expr: `${spacePercent} > ${tierStep.memory}`,
    for: "5m",
    summary: diskSummary(tierStep.memory),
    source: `assumed: as for memory, tier step > ${tierStep.memory} %`,
    act: diskSteps,
  },
  {
    name: "NodeDiskFills",
    service: "nodes",
    severity: "warning",
    expr: `${spacePercent} > ${verticalStep.memory}`,
    for: "15m",
    summary: diskSummary(verticalStep.memory),
    source: `assumed: as for memory, vertical step > ${verticalStep.memory} %`,
    act: diskSteps,
    inhibitedBy: [sameIn(disk, "NodeDiskAlmostFull")],
  },
  {
    name: "NodeCpuStolen",
    service: "nodes",
    severity: "warning",
    expr: `${stolenPercent} > ${stolenLimit}`,
    for: "15m",
    summary: `Node ${label("node")} waits ${decimal} % of its time for a CPU that others have (limit ${stolenLimit} %)`,
    source: `assumed: ${stolenLimit} %, at which answers become slower without a busy process`,
    act: [
      "A burstable instance (T4g) has used up its CPU credits and runs at its baseline: check what it did in the hours before.",
      "Take an instance type with a higher baseline, or the next tier (`npm run advise`).",
    ],
  },
  {
    name: "NodeDiskBusy",
    service: "nodes",
    severity: "warning",
    expr: `${busyPercent} > ${busyLimit}`,
    for: "15m",
    summary: `The disk ${label("device")} of node ${label("node")} is busy ${decimal} % of the time (limit ${busyLimit} %)`,
    source: `assumed: ${busyLimit} % for 15 minutes, longer than pulling an image or a dump of a small database`,
    act: [
      "Check which pods read and write: a dump, a migration without an index, a node that swaps.",
      "A gp3 volume of AWS has 3,000 operations and 125 MiB a second; move the load, or the store to a tier where it is managed.",
    ],
  },
];

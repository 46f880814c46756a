import { limits } from "./limits";
import { from, rate } from "./selectors";
import type { Panel } from "./types";

const node = (...matchers: string[]) => from("node", ...matchers);
const cpus = `count by (node) (node_cpu_seconds_total${node('mode="idle"')})`;
const ofDisk = (metric: string) => `max by (node, mountpoint) (${metric}${node()})`;

/** Metrics of the node exporter. */
export const hosts: Panel[] = [
  {
    title: "Space of disks",
    description:
      "Share of the space in use of each node's disks. `/` has the images, `/kubelet` the logs and temporary files of pods.",
    unit: "share",
    kind: "lines",
    queries: [
      {
        expr: `1 - ${ofDisk("node_filesystem_avail_bytes")} / ${ofDisk("node_filesystem_size_bytes")}`,
        legend: "{{node}} {{mountpoint}}",
      },
    ],
    limit: { at: limits.memory, side: "above" },
  },
  {
    title: "Busy disks",
    description: "Share of the time in which a disk works.",
    unit: "share",
    kind: "lines",
    queries: [
      {
        expr: `max by (node, device) (${rate("node_disk_io_time_seconds_total", node())})`,
        legend: "{{node}} {{device}}",
      },
    ],
  },
  {
    title: "Traffic of disks",
    description: "Bytes that a node reads from its disks and writes to them.",
    unit: "bytes a second",
    kind: "lines",
    queries: [
      { expr: `sum by (node) (${rate("node_disk_read_bytes_total", node())})`, legend: "{{node}} read" },
      { expr: `sum by (node) (${rate("node_disk_written_bytes_total", node())})`, legend: "{{node}} written" },
    ],
  },
  {
    title: "Stolen CPU",
    description:
      "Share of a node's CPU that its host gives to others. A burstable instance without CPU credits shows it.",
    unit: "share",
    kind: "lines",
    queries: [
      {
        expr: `sum by (node) (${rate("node_cpu_seconds_total", node('mode="steal"'))}) / ${cpus}`,
        legend: "{{node}}",
      },
    ],
  },
  {
    title: "Load of nodes",
    description: "Processes that run, wait for a CPU or wait for a disk, for each CPU, over five minutes.",
    unit: "count",
    kind: "lines",
    queries: [{ expr: `max by (node) (node_load5${node()}) / ${cpus}`, legend: "{{node}}" }],
  },
  {
    title: "Swap in use",
    description: "Memory of processes that lies on the disk. Only a k3s node has swap, and no pod may use it.",
    unit: "bytes",
    kind: "lines",
    queries: [
      {
        expr: `max by (node) (node_memory_SwapTotal_bytes${node()} - node_memory_SwapFree_bytes${node()})`,
        legend: "{{node}}",
      },
    ],
  },
];

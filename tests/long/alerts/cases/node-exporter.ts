import { type Case, grows, type Series, stays } from "./case";

const at = (more: string) => `job="node",node="a",${more}`;
const space = (availablePercent: number): Series => ({
  [`node_filesystem_avail_bytes{${at('mountpoint="/",fstype="overlay"')}}`]: stays(availablePercent),
  [`node_filesystem_size_bytes{${at('mountpoint="/",fstype="overlay"')}}`]: stays(100),
  // Another disk is not added to it.
  [`node_filesystem_avail_bytes{${at('mountpoint="/kubelet",fstype="ext4"')}}`]: stays(50),
  [`node_filesystem_size_bytes{${at('mountpoint="/kubelet",fstype="ext4"')}}`]: stays(100),
});
/** Of two CPUs, the seconds a minute that the host gave to others. */
const stolen = (...seconds: [number, number]): Series =>
  Object.fromEntries(
    seconds.flatMap((each, cpu) => [
      [`node_cpu_seconds_total{${at(`cpu="${cpu}",mode="steal"`)}}`, grows(each)],
      [`node_cpu_seconds_total{${at(`cpu="${cpu}",mode="idle"`)}}`, grows(10)],
    ]),
  );
const busy = (seconds: number): Series => ({
  [`node_disk_io_time_seconds_total{${at('device="nvme0n1"')}}`]: grows(seconds),
  [`node_disk_io_time_seconds_total{${at('device="nvme1n1"')}}`]: grows(3),
});

export const nodeExporterCases: Record<string, Case> = {
  NodeDiskAlmostFull: {
    fires: space(9),
    labels: { node: "a", mountpoint: "/" },
    summary: "The disk of node a at / is 91.0 % full (limit 90 %)",
    silent: [space(11)],
  },
  NodeDiskFills: {
    fires: space(14),
    labels: { node: "a", mountpoint: "/" },
    summary: "The disk of node a at / is 86.0 % full (limit 85 %)",
    silent: [space(16)],
  },
  NodeCpuStolen: {
    fires: stolen(18, 6),
    labels: { node: "a" },
    summary: "Node a waits 20.0 % of its time for a CPU that others have (limit 10 %)",
    silent: [stolen(11, 0), stolen(0, 0)],
  },
  NodeDiskBusy: {
    fires: busy(57),
    labels: { node: "a", device: "nvme0n1" },
    summary: "The disk nvme0n1 of node a is busy 95.0 % of the time (limit 90 %)",
    silent: [busy(53)],
  },
};

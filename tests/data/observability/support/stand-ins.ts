/**
 * What cannot run beside a test: the kubelet needs a node with containers, kube-state-metrics an API server, and the node
 * exporter a minute to build. Two have their recorded expositions (tests/support/expositions.ts). The other has the forms of the kubelet's, about the containers that
 * the record names: the names of its metrics are compared with the kubelet's source.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { kubeStateMetricsFile, nodeExporterFile, samplesOf } from "../../../support/expositions";

const recorded = readFileSync(kubeStateMetricsFile, "utf8");
const recordedNode = readFileSync(nodeExporterFile, "utf8");

/** Labels of a sample. */
const labelsOf = (line: string): Record<string, string> =>
  Object.fromEntries([...line.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name, value]));

const MiB = 1024 ** 2;

/** Limits of the memory of the recorded containers. */
const containers = samplesOf(recorded, ["kube_pod_container_resource_limits"])
  .map(
    (line) =>
      ({ ...labelsOf(line), bytes: Number(line.split(" ").at(-1)) }) as Record<string, string> & { bytes: number },
  )
  .filter(({ resource }) => resource === "memory");

const claims = samplesOf(recorded, ["kube_persistentvolumeclaim_resource_requests_storage_bytes"]).map((line) => ({
  ...labelsOf(line),
  bytes: Number(line.split(" ").at(-1)),
}));

const sample = (metric: string, labels: Record<string, string | undefined>, value: number) =>
  `${metric}{${Object.entries(labels).map(([name, text]) => `${name}="${text ?? ""}"`)}} ${value}`;

/** A part of 1 that goes up and down, at another time for each. */
const wave = (seconds: number, at: number) => 0.5 + 0.4 * Math.sin(seconds / 7 + at);

/** What a kubelet exports after so many seconds. */
function kubeletExposition(seconds: number): string {
  const whole = { container: "", id: "/", image: "", name: "", namespace: "", pod: "" };
  const ofContainers = containers.flatMap(({ namespace, pod, container, bytes }, at) => {
    const labels = { container, id: `/kubepods.slice/${pod}/${container}`, image: "", name: container, namespace, pod };
    return [
      sample("container_cpu_usage_seconds_total", { ...labels, cpu: "total" }, seconds * 0.02 * (1 + (at % 5))),
      sample("container_cpu_cfs_throttled_seconds_total", labels, at % 3 === 0 ? seconds * 0.01 : 0),
      sample("container_memory_working_set_bytes", labels, Math.round(bytes * (0.3 + 0.5 * wave(seconds, at)))),
    ];
  });
  return [
    "# TYPE container_cpu_usage_seconds_total counter",
    sample("machine_cpu_cores", { machine_id: "", system_uuid: "" }, 2),
    sample("machine_memory_bytes", { machine_id: "", system_uuid: "" }, 8192 * MiB),
    sample("container_cpu_usage_seconds_total", { ...whole, cpu: "total" }, seconds * 0.9 + 3 * Math.sin(seconds / 7)),
    sample("container_memory_working_set_bytes", whole, Math.round(8192 * MiB * (0.4 + 0.2 * wave(seconds, 0)))),
    sample("container_network_transmit_bytes_total", { ...whole, interface: "eth0" }, seconds * 1.5 * MiB),
    ...ofContainers,
    ...claims.flatMap(({ bytes, ...labels }, at) => [
      sample("kubelet_volume_stats_capacity_bytes", labels, bytes),
      sample("kubelet_volume_stats_used_bytes", labels, Math.round(bytes * (0.2 + 0.1 * at) + seconds * MiB)),
    ]),
    "",
  ].join("\n");
}

/** Serves the expositions, at `/kube-state-metrics`, `/kubelet` and `/node`. */
export class StandIns {
  private readonly started = Date.now();
  private readonly server: Server = createServer(({ url }, response) => {
    const seconds = (Date.now() - this.started) / 1000;
    response.setHeader("content-type", "text/plain; version=0.0.4");
    response.end(url === "/kubelet" ? kubeletExposition(seconds) : url === "/node" ? recordedNode : recorded);
  });

  async start(): Promise<number> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

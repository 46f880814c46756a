import { metricsPath } from "../../app/gateway";
import { appService } from "../../app/service";
import { ports, serviceHost } from "../../support/names";
import { workerComponent } from "../../workers/pool";
import { nodeExporterName } from "../network-policies";

/** Seconds between two scrapes, and between two looks at the rules. */
export const scrapeSeconds = 30;

/** Ports of the exporters. All are in Prometheus' own pod, so no figure of theirs crosses a network. */
export const exporterPorts = {
  prometheus: 9090,
  kubeStateMetrics: 8080,
  kubeStateMetricsOwn: 8081,
  postgres: 9187,
  redis: 9121,
  grafana: 3000,
  alertmanager: 9093,
  cloudwatch: 5000,
} as const;

/** Files that the configuration names. */
export interface ScrapeFiles {
  /** PEM of the product's own authority. */
  authority: string;
  /** Token of the pod's service account. */
  token: string;
  /** PEM of the cluster's authority, which signs the certificates of the API server and of the kubelets. */
  clusterAuthority: string;
}

export interface ScrapeArgs {
  /** Names of the namespaces. */
  namespaces: Record<"app" | "data" | "observability", string>;
  /** Host names of the database servers: `primary`, `replica-0` and so on. */
  postgres: { servers: Record<string, string>; database: string; authModule: string };
  /** Host names of every node of Redis. */
  redisNodes: string[];
  /** Whether Alertmanager runs beside it. */
  mails: boolean;
  /** Whether the exporter of CloudWatch's figures does. */
  cloudwatch: boolean;
  files: ScrapeFiles;
}

interface Relabel {
  source_labels?: string[];
  target_label?: string;
  regex?: string;
  replacement?: string;
  action?: "keep" | "drop";
}

interface ScrapeConfig {
  job_name: string;
  [setting: string]: unknown;
}

/** Address of a program in the same pod. */
export const loopback = (port: number) => `127.0.0.1:${port}`;

/** Label of a pod as the discovery names it. */
const podLabel = (label: string) => `__meta_kubernetes_pod_label_${label.replace(/[^a-zA-Z0-9_]/g, "_")}`;

const keep = (label: string, regex: string): Relabel => ({ source_labels: [label], regex, action: "keep" });
const copy = (source: string, target_label: string): Relabel => ({ source_labels: [source], target_label });

/** Every series of a pod says which one it is. */
const podIdentity: Relabel[] = [
  copy("__meta_kubernetes_namespace", "namespace"),
  copy("__meta_kubernetes_pod_name", "pod"),
  copy("__meta_kubernetes_pod_node_name", "node"),
];

/** Pods of a namespace by one of their labels and the name of a port. */
function pods(
  job: string,
  namespace: string,
  { label, value, port }: { label: string; value: string; port: string },
): ScrapeConfig {
  return {
    job_name: job,
    kubernetes_sd_configs: [{ role: "pod", namespaces: { names: [namespace] } }],
    relabel_configs: [
      keep(podLabel("app.kubernetes.io/part-of"), "tierstack"),
      keep(podLabel(label), value),
      keep("__meta_kubernetes_pod_container_port_name", port),
      // A pod that has ended has an address no more, or another's.
      { source_labels: ["__meta_kubernetes_pod_phase"], regex: "Pending|Succeeded|Failed", action: "drop" },
      ...podIdentity,
    ],
  };
}

/** TLS to pods whose certificate names their Service. */
const overTls = ({ authority }: ScrapeFiles, service: string, namespace: string) => ({
  scheme: "https",
  tls_config: { ca_file: authority, server_name: serviceHost(service, namespace), min_version: "TLS12" },
});

/** Has an exporter on loopback ask the targets, which it gets as a parameter. */
export const asked = (port: number): Relabel[] => [
  copy("__address__", "__param_target"),
  copy("__address__", "instance"),
  { target_label: "__address__", replacement: loopback(port) },
];

/** What is kept of the containers' figures, which are many. */
const containerMetrics = [
  "container_cpu_usage_seconds_total",
  "container_cpu_cfs_throttled_seconds_total",
  "container_memory_working_set_bytes",
  "container_memory_rss",
  "container_network_(receive|transmit)_bytes_total",
  "container_fs_usage_bytes",
  "container_oom_events_total",
  "container_spec_memory_limit_bytes",
  "machine_cpu_cores",
  "machine_memory_bytes",
].join("|");

/** The same of the kubelet's own. */
const kubeletMetrics = [
  "kubelet_volume_stats_(available|capacity|used)_bytes",
  "kubelet_volume_stats_inodes(_free|_used)?",
  "kubelet_running_pods",
].join("|");

/** A page of the kubelets, of which only some figures about the product's namespaces are kept. */
function kubelet(
  { files, namespaces }: ScrapeArgs,
  { name, path, metrics }: { name: string; path: string; metrics: string },
): ScrapeConfig {
  const own = Object.values(namespaces).join("|");
  return {
    job_name: name,
    metrics_path: path,
    scheme: "https",
    // The labels of a container are its own, not the node's.
    honor_labels: true,
    authorization: { credentials_file: files.token },
    tls_config: { ca_file: files.clusterAuthority },
    kubernetes_sd_configs: [{ role: "node" }],
    relabel_configs: [
      { target_label: "job", replacement: "kubelet" },
      { target_label: "metrics_path", replacement: path },
      copy("__meta_kubernetes_node_name", "node"),
    ],
    metric_relabel_configs: [keep("__name__", metrics), keep("namespace", `|${own}`)],
  };
}

function postgres({ postgres: { servers, database, authModule } }: ScrapeArgs): ScrapeConfig {
  return {
    job_name: "postgres",
    metrics_path: "/probe",
    params: { auth_module: [authModule] },
    static_configs: Object.entries(servers).map(([server, host]) => ({
      targets: [`${host}:${ports.postgres}/${database}`],
      labels: { server },
    })),
    relabel_configs: asked(exporterPorts.postgres),
  };
}

const redis = ({ redisNodes }: ScrapeArgs): ScrapeConfig => ({
  job_name: "redis",
  metrics_path: "/scrape",
  static_configs: [{ targets: redisNodes.map((host) => `rediss://${host}:${ports.redis}`) }],
  relabel_configs: asked(exporterPorts.redis),
});

const own = (job_name: string, port: number, settings: object = {}): ScrapeConfig => ({
  job_name,
  ...settings,
  static_configs: [{ targets: [loopback(port)] }],
});

/** Returns what Prometheus scrapes, one job for each kind of target (docs/observability.md has the labels). */
export function scrapeConfigs(args: ScrapeArgs): ScrapeConfig[] {
  const { namespaces, files } = args;
  const byName = "app.kubernetes.io/name";
  return [
    {
      ...pods("app", namespaces.app, { label: byName, value: appService.name, port: "metrics" }),
      metrics_path: metricsPath,
      ...overTls(files, appService.name, namespaces.app),
    },
    {
      ...pods("worker", namespaces.app, {
        label: "app.kubernetes.io/component",
        value: workerComponent,
        port: "health",
      }),
      metrics_path: metricsPath,
    },
    {
      ...pods("pgbouncer", namespaces.data, { label: byName, value: "pgbouncer", port: "metrics" }),
      ...overTls(files, "pgbouncer", namespaces.data),
    },
    postgres(args),
    redis(args),
    // The labels are those of the object that a series is about.
    own("kube-state-metrics", exporterPorts.kubeStateMetrics, { honor_labels: true }),
    kubelet(args, { name: "kubelet-containers", path: "/metrics/cadvisor", metrics: containerMetrics }),
    kubelet(args, { name: "kubelet", path: "/metrics", metrics: kubeletMetrics }),
    {
      ...pods("node", namespaces.observability, { label: byName, value: nodeExporterName, port: "metrics" }),
      ...overTls(files, nodeExporterName, namespaces.observability),
    },
    own("prometheus", exporterPorts.prometheus),
    ...(args.mails ? [own("alertmanager", exporterPorts.alertmanager)] : []),
    ...(args.cloudwatch ? [own("cloudwatch", exporterPorts.cloudwatch)] : []),
  ];
}

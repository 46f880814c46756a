import { limits } from "./limits";
import { hosts } from "./platform-hosts";
import { from, inNamespace, rate } from "./selectors";
import type { Dashboard, Panel } from "./types";

const kube = (...matchers: string[]) => from("kube-state-metrics", inNamespace, ...matchers);
/** Series of cAdvisor by container. Those without one are sums. */
const kubelet = (...matchers: string[]) => from("kubelet", inNamespace, 'container!=""', ...matchers);

/** A node as a whole, as its kubelet sees it. */
const whole = from("kubelet", 'id="/"');
const ofNode = (metric: string) => `max by (node) (${metric}${from("kubelet")})`;
const busy = `sum by (node) (${rate("container_cpu_usage_seconds_total", whole)}) / ${ofNode("machine_cpu_cores")}`;
const memory = `sum by (node) (container_memory_working_set_bytes${whole}) / ${ofNode("machine_memory_bytes")}`;
const claim = "persistentvolumeclaim";
const ofClaim = (metric: string) => `max by (namespace, ${claim}) (${metric}${from("kubelet", inNamespace)})`;
const volumes = `${ofClaim("kubelet_volume_stats_used_bytes")} / ${ofClaim("kubelet_volume_stats_capacity_bytes")}`;

const nodeFigures: Panel[] = [
  {
    title: "Nodes",
    description: "Nodes that are ready.",
    unit: "count",
    kind: "figure",
    queries: [
      {
        expr: `sum(kube_node_status_condition${from("kube-state-metrics", 'condition="Ready"', 'status="true"')})`,
        legend: "ready",
      },
    ],
  },
  {
    title: "Busiest node",
    description: "Share of its CPU in use.",
    unit: "share",
    kind: "figure",
    queries: [{ expr: `max(${busy})`, legend: "CPU" }],
    limit: { at: limits.cpu, side: "above" },
  },
  {
    title: "Fullest node",
    description: "Share of its memory in use.",
    unit: "share",
    kind: "figure",
    queries: [{ expr: `max(${memory})`, legend: "memory" }],
    limit: { at: limits.memory, side: "above" },
  },
  {
    title: "Fullest volume",
    description: "Share of its space in use, of the volumes that pods have claimed.",
    unit: "share",
    kind: "figure",
    queries: [{ expr: `max(${volumes})`, legend: "space" }],
    limit: { at: limits.memory, side: "above" },
  },
];

const nodes: Panel[] = [
  {
    title: "CPU of nodes",
    description: "Share of each node's CPU in use.",
    unit: "share",
    kind: "lines",
    queries: [{ expr: busy, legend: "{{node}}" }],
    limit: { at: limits.cpu, side: "above" },
  },
  {
    title: "Memory of nodes",
    description: "Share of each node's memory in use, caches that can be given back not counted.",
    unit: "share",
    kind: "lines",
    queries: [{ expr: memory, legend: "{{node}}" }],
    limit: { at: limits.memory, side: "above" },
  },
  {
    title: "Space of volumes",
    description: "Share of the space in use of each volume that a pod has claimed.",
    unit: "share",
    kind: "lines",
    queries: [{ expr: volumes, legend: `{{namespace}} {{${claim}}}` }],
    limit: { at: limits.memory, side: "above" },
  },
];

const pods: Panel[] = [
  {
    title: "Pods by phase",
    description: "Pods in each phase. A pod that stays Pending finds no node.",
    unit: "count",
    kind: "lines",
    queries: [{ expr: `sum by (phase) (kube_pod_status_phase${kube()})`, legend: "{{phase}}" }],
  },
  {
    title: "Restarts",
    description: "Restarts of containers in the last hour, by pod, the ten with most.",
    unit: "count",
    kind: "bars",
    queries: [
      {
        expr: `topk(10, sum by (pod) (increase(kube_pod_container_status_restarts_total${kube()}[1h])))`,
        legend: "{{pod}}",
      },
    ],
  },
  {
    title: "CPU of pods",
    description: "Cores that a pod's containers use, the ten busiest.",
    unit: "cores",
    kind: "bars",
    queries: [
      { expr: `topk(10, sum by (pod) (${rate("container_cpu_usage_seconds_total", kubelet())}))`, legend: "{{pod}}" },
    ],
  },
  {
    title: "Memory of pods",
    description: "Share of its memory limit that a container uses, the ten fullest. At its limit it is killed.",
    unit: "share",
    kind: "bars",
    queries: [
      {
        expr:
          `topk(10, max by (pod, container) (container_memory_working_set_bytes${kubelet()}) / on (pod, container) ` +
          `max by (pod, container) (kube_pod_container_resource_limits${kube('resource="memory"')}))`,
        legend: "{{pod}} {{container}}",
      },
    ],
    limit: { at: limits.memory, side: "above" },
  },
  {
    title: "Throttled containers",
    description: "Seconds a second that a container's threads waited at its CPU limit, the ten worst.",
    unit: "seconds",
    kind: "bars",
    queries: [
      {
        expr: `topk(10, sum by (pod, container) (${rate("container_cpu_cfs_throttled_seconds_total", kubelet())}))`,
        legend: "{{pod}} {{container}}",
      },
    ],
  },
];

const autoscaler = "horizontalpodautoscaler";

const autoscalers: Panel[] = [
  {
    title: "Pods of autoscalers",
    description: "Pods that each autoscaler runs by now.",
    unit: "count",
    kind: "lines",
    queries: [
      {
        expr: `max by (${autoscaler}) (kube_${autoscaler}_status_current_replicas${kube()})`,
        legend: `{{${autoscaler}}}`,
      },
    ],
  },
  {
    title: "Use of autoscalers",
    description:
      "Share of its maximum that each autoscaler runs. At its maximum it can help no more: raise it, or move up.",
    unit: "share",
    kind: "lines",
    queries: [
      {
        expr:
          `max by (${autoscaler}) (kube_${autoscaler}_status_current_replicas${kube()}) / ` +
          `max by (${autoscaler}) (kube_${autoscaler}_spec_max_replicas${kube()})`,
        legend: `{{${autoscaler}}}`,
      },
    ],
  },
];

const watchers: Panel[] = [
  {
    title: "Scraped targets",
    description: "Share of the targets of each job that answer Prometheus. Below 1 the dashboards miss something.",
    unit: "share",
    kind: "bars",
    queries: [{ expr: 'avg by (job) (up{job=~".+"})', legend: "{{job}}" }],
    limit: { at: 1, side: "below" },
  },
  {
    title: "Series in Prometheus",
    description: "Series in the memory of Prometheus, which grows with them.",
    unit: "count",
    kind: "lines",
    queries: [{ expr: `sum(prometheus_tsdb_head_series${from("prometheus")})`, legend: "series" }],
  },
  {
    title: "Requests to CloudWatch",
    description: "Requests an hour for figures of AWS. Beyond a million a month of the account they cost extra.",
    unit: "count",
    kind: "lines",
    queries: [{ expr: `sum(increase(yace_cloudwatch_requests_total${from("cloudwatch")}[1h]))`, legend: "requests" }],
  },
  {
    title: "Alerts",
    description: "Alerts that Alertmanager has, by state. Suppressed ones are silenced or follow from another.",
    unit: "count",
    kind: "lines",
    queries: [{ expr: `sum by (state) (alertmanager_alerts${from("alertmanager")})`, legend: "{{state}}" }],
  },
];

/** What everything runs on. */
export const platform: Dashboard = {
  name: "platform",
  title: "Platform",
  description: "What everything runs on: nodes, pods, autoscalers, and what watches them.",
  choices: [{ name: "namespace", series: `kube_pod_info${from("kube-state-metrics")}` }],
  rows: [
    { title: "Nodes now", panels: nodeFigures },
    { title: "Nodes", panels: nodes },
    { title: "Disks, load and swap of nodes", panels: hosts },
    { title: "Pods", panels: pods },
    { title: "Autoscalers", panels: autoscalers },
    { title: "What watches", panels: watchers },
  ],
};

import { from, inNamespace, rate } from "./selectors";
import type { Dashboard, Panel } from "./types";

const kube = (...matchers: string[]) => from("kube-state-metrics", ...matchers);
const kubelet = from("kubelet", inNamespace, 'container!=""');

/** Hours that nodes ran in a window, counted twice a minute. */
const nodeHours = (window: string) => `sum(count_over_time(kube_node_info${kube()}[${window}:30s])) / 120`;

const figures: Panel[] = [
  {
    title: "Expected cost of a month",
    description:
      "What the plan expects at the tier's expected use. It is the estimate of `npm run plan`, not the bill: that is in AWS, a day late.",
    unit: "USD",
    kind: "figure",
    queries: [{ expr: "vector($expectedUsd)", legend: "expected" }],
  },
  {
    title: "Budget of a month",
    description:
      "What the stack may cost a month: `budgetUsd`, or what the tier accepts. With `alertEmail`, AWS mails when it is spent.",
    unit: "USD",
    kind: "figure",
    queries: [{ expr: "vector($budgetUsd)", legend: "budget" }],
  },
  {
    title: "Node hours of a day",
    description:
      "Hours that the nodes ran in the last 24 hours, as far as Prometheus saw them. Nodes are the largest part of most bills.",
    unit: "hours",
    kind: "figure",
    queries: [{ expr: nodeHours("24h"), legend: "node hours" }],
  },
  {
    title: "Requested storage",
    description: "Bytes of the volumes that pods have claimed. Each is paid by its size, empty or full.",
    unit: "bytes",
    kind: "figure",
    queries: [
      {
        expr: `sum(kube_persistentvolumeclaim_resource_requests_storage_bytes${kube(inNamespace)})`,
        legend: "volumes",
      },
    ],
  },
];

const requested = (resource: string) =>
  `kube_pod_container_resource_requests${kube(inNamespace, `resource="${resource}"`)}`;
const allocatable = (resource: string) => `kube_node_status_allocatable${kube(`resource="${resource}"`)}`;

const use: Panel[] = [
  {
    title: "Nodes",
    description: "Nodes that are paid for by now.",
    unit: "count",
    kind: "lines",
    queries: [{ expr: `count(kube_node_info${kube()})`, legend: "nodes" }],
  },
  {
    title: "Requested of the nodes",
    description: "Share of what the nodes have that pods have requested. Low all day: fewer or smaller nodes would do.",
    unit: "share",
    kind: "lines",
    queries: ["cpu", "memory"].map((resource) => ({
      expr: `sum(${requested(resource)}) / sum(${allocatable(resource)})`,
      legend: resource,
    })),
  },
  {
    title: "Used of what is requested",
    description: "Share of their requests that the containers use. Low at the busiest hour: the requests are too high.",
    unit: "share",
    kind: "lines",
    queries: [
      { expr: `sum(${rate("container_cpu_usage_seconds_total", kubelet)}) / sum(${requested("cpu")})`, legend: "cpu" },
      { expr: `sum(container_memory_working_set_bytes${kubelet}) / sum(${requested("memory")})`, legend: "memory" },
    ],
  },
  {
    title: "Requested memory by namespace",
    description: "Share of what all pods request. It says whom the nodes are there for.",
    unit: "share",
    kind: "bars",
    queries: [
      {
        expr: `sum by (namespace) (${requested("memory")}) / on () group_left () sum(${requested("memory")})`,
        legend: "{{namespace}}",
      },
    ],
  },
  {
    title: "Sent by the nodes",
    description:
      "Bytes a second that leave the nodes. To other zones and to the internet they cost; inside a zone, to CloudFront and to S3 they do not: the nodes cannot tell them apart.",
    unit: "bytes a second",
    kind: "lines",
    queries: [
      {
        expr: `sum by (node) (${rate("container_network_transmit_bytes_total", from("kubelet", 'id="/"', 'interface=~"e.*"'))})`,
        legend: "{{node}}",
      },
    ],
  },
];

/** What can be known of the bill inside the cluster. */
export const money: Dashboard = {
  name: "money",
  title: "Money",
  description:
    "What can be known of the bill inside the cluster: the plan's estimate, and what it follows from. The bill itself is in AWS.",
  choices: [{ name: "namespace", series: `kube_pod_info${from("kube-state-metrics")}` }],
  rows: [
    { title: "A month", panels: figures },
    { title: "What it follows from", panels: use },
  ],
};

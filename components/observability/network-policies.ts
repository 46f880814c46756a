import type * as k8s from "@pulumi/kubernetes";
import { anywhere } from "../app/network-policies";
import { inNamespace } from "../namespaces/network-policies";
import { selectorLabels } from "../support/labels";
import { ports } from "../support/names";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type LabelSelector = k8s.types.input.meta.v1.LabelSelector;

/** Name of the pod that watches the product. */
export const monitorName = "monitor";

/** Name of the pods that tell the figures of the nodes, one on each, and of the server in their certificate. */
export const nodeExporterName = "node-exporter";
export const nodeExporterPort = 9100;

/** The ports of Kubernetes: the API server's on EKS and on k3s, and the kubelets'. */
const kubernetesPorts = [443, 6443, 10250];

const tcp = (...numbers: number[]) => numbers.map((port) => ({ protocol: "TCP", port }));

export interface Watched {
  /** Names of the namespaces. */
  app: string;
  data: string;
  /** Port of the workers' metrics. */
  workerPort: number;
  /** CIDR of the managed stores. @default none: both run in the cluster */
  storesCidr?: string | undefined;
  /** CIDRs of the API server and of the nodes. @default unknown: every address but link-local ones */
  clusterCidrs?: string[] | undefined;
  /** Port of the mail server, which may have any address. @default nothing is mailed */
  mailPort?: number | undefined;
}

/** Returns what the pod may reach: what it scrapes, the API server and the mail server. Nobody reaches it, but through `kubectl`. */
export function monitorPolicy({ app, data, workerPort, storesCidr, clusterCidrs, mailPort }: Watched): PolicySpec {
  const cluster: Peer[] = clusterCidrs?.map((cidr) => ({ ipBlock: { cidr } })) ?? [anywhere];
  return {
    podSelector: { matchLabels: selectorLabels(monitorName) },
    policyTypes: ["Ingress", "Egress"],
    egress: [
      { to: [inNamespace(app)], ports: tcp(ports.gatewayMetrics, workerPort) },
      { to: [inNamespace(data)], ports: tcp(ports.pgbouncerMetrics, ports.postgres, ports.redis) },
      ...(storesCidr === undefined
        ? []
        : [{ to: [{ ipBlock: { cidr: storesCidr } }], ports: tcp(ports.postgres, ports.redis) }]),
      { to: [{ podSelector: { matchLabels: selectorLabels(nodeExporterName) } }], ports: tcp(nodeExporterPort) },
      { to: cluster, ports: tcp(...kubernetesPorts) },
      ...(mailPort === undefined ? [] : [{ to: [anywhere], ports: tcp(mailPort) }]),
    ],
  };
}

/** Returns a policy that lets the pod of another namespace reach a port of the selected pods. */
export function watchedPolicy(podSelector: LabelSelector, port: number, monitorNamespace: string): PolicySpec {
  const from = { ...inNamespace(monitorNamespace), podSelector: { matchLabels: selectorLabels(monitorName) } };
  return { podSelector, policyTypes: ["Ingress"], ingress: [{ from: [from], ports: tcp(port) }] };
}

import type * as k8s from "@pulumi/kubernetes";
import { anywhere } from "../app/network-policies";
import { credentialsAddress } from "../identity/identity";
import { apiServerPorts, inNamespace, tcp } from "../namespaces/network-policies";
import { selectorLabels } from "../support/labels";
import { ports } from "../support/names";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type LabelSelector = k8s.types.input.meta.v1.LabelSelector;

/** Name of the pod that watches the product. */
export const monitorName = "monitor";

/** Name of the pods that export the metrics of the nodes, one on each, and of the server in their certificate. */
export const nodeExporterName = "node-exporter";
export const nodeExporterPort = 9100;

/** The ports of Kubernetes: the API server's, and the kubelets'. */
const kubernetesPorts = [...apiServerPorts, 10250];

/** Returns the cluster's own addresses. @param cidrs  undefined where nobody knows them: every address but link-local ones */
export const clusterPeers = (cidrs: string[] | undefined): Peer[] =>
  cidrs?.map((cidr) => ({ ipBlock: { cidr } })) ?? [anywhere];

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
  /** Whether it asks something on the web, and the port of the node's AWS credentials where it needs them. @default it does not */
  web?: { credentialsPort?: number | undefined } | undefined;
}

/** Returns what the pod may reach: what it scrapes, the API server, the mail server, AWS and who gets the heartbeat. Nobody reaches it, but through `kubectl`. */
export function monitorPolicy({ app, data, workerPort, storesCidr, clusterCidrs, mailPort, web }: Watched): PolicySpec {
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
      { to: clusterPeers(clusterCidrs), ports: tcp(...kubernetesPorts) },
      ...(mailPort === undefined ? [] : [{ to: [anywhere], ports: tcp(mailPort) }]),
      ...(web?.credentialsPort === undefined
        ? []
        : [{ to: [{ ipBlock: { cidr: `${credentialsAddress}/32` } }], ports: tcp(web.credentialsPort) }]),
      ...(web === undefined ? [] : [{ to: [anywhere], ports: tcp(443) }]),
    ],
  };
}

/** Returns a policy that lets the pod of another namespace reach a port of the selected pods. */
export function watchedPolicy(podSelector: LabelSelector, port: number, monitorNamespace: string): PolicySpec {
  const from = { ...inNamespace(monitorNamespace), podSelector: { matchLabels: selectorLabels(monitorName) } };
  return { podSelector, policyTypes: ["Ingress"], ingress: [{ from: [from], ports: tcp(port) }] };
}

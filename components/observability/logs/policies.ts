import type * as k8s from "@pulumi/kubernetes";
import { apiServerPorts, inNamespace, tcp } from "../../namespaces/network-policies";
import { selectorLabels } from "../../support/labels";
import { clusterPeers } from "../network-policies";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;

/** Name of the store of the logs, of its Service and of the server in its certificate. */
export const logStoreName = "log-store";
/** Name of the pods that send it the logs of their nodes. */
export const logAgentName = "log-agent";

export const logPorts = {
  /** Of the store: TLS, for the agents. */
  store: 9428,
  /** The same without TLS on loopback, for `kubectl port-forward`. */
  storeLocal: 9429,
  /** Of an agent: its health. */
  agent: 9429,
} as const;

/** Returns the store's policy: the agents of a namespace may send. It connects to nobody. */
export function logStorePolicy(agentNamespace: string): PolicySpec {
  const from = { ...inNamespace(agentNamespace), podSelector: { matchLabels: selectorLabels(logAgentName) } };
  return {
    podSelector: { matchLabels: selectorLabels(logStoreName) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [from], ports: tcp(logPorts.store) }],
  };
}

/**
 * Returns the agents' policy: to the store and to the API server, and nobody to them.
 * @param clusterCidrs  CIDRs of the API server; undefined where nobody knows them: every address but link-local ones
 */
export function logAgentPolicy(storeNamespace: string, clusterCidrs: string[] | undefined): PolicySpec {
  const store = { ...inNamespace(storeNamespace), podSelector: { matchLabels: selectorLabels(logStoreName) } };
  return {
    podSelector: { matchLabels: selectorLabels(logAgentName) },
    policyTypes: ["Ingress", "Egress"],
    egress: [
      { to: [store], ports: tcp(logPorts.store) },
      { to: clusterPeers(clusterCidrs), ports: tcp(...apiServerPorts) },
    ],
  };
}

import type * as k8s from "@pulumi/kubernetes";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;

/** Returns a peer that selects a namespace by the label that Kubernetes sets on it. */
export function inNamespace(name: string): k8s.types.input.networking.v1.NetworkPolicyPeer {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

/** Returns the TCP ports of a rule. */
export const tcp = (...numbers: number[]) => numbers.map((port) => ({ protocol: "TCP", port }));

/** Ports of the API server: on EKS and of its Service, and on k3s. */
export const apiServerPorts = [443, 6443];

/** Returns a policy that denies all traffic that no other policy allows. */
export function denyAll(): PolicySpec {
  return { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
}

/**
 * Addresses of cluster DNS that no selector matches. EKS Auto Mode runs DNS on the node, at the tenth address of one of
 * its two possible service networks (aws/containers-roadmap#2552). NodeLocal DNSCache uses a link-local address.
 */
const dnsAddresses = ["10.100.0.10/32", "172.20.0.10/32", "169.254.20.10/32"];

/** Addresses of the API server's Service on EKS, the first of one of its two possible service networks. */
export const apiServiceCidrs = ["10.100.0.1/32", "172.20.0.1/32"];

/** Returns a policy that allows every pod to query cluster DNS. */
export function allowDns(): PolicySpec {
  return {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [
      {
        to: [inNamespace("kube-system"), ...dnsAddresses.map((cidr) => ({ ipBlock: { cidr } }))],
        ports: ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 })),
      },
    ],
  };
}

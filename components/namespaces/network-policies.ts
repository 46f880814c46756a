import type * as k8s from "@pulumi/kubernetes";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;

/** Label that Kubernetes itself puts on every namespace. */
export function inNamespace(name: string): k8s.types.input.networking.v1.NetworkPolicyPeer {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

/** Nothing comes in and nothing goes out but what another policy allows. */
export function denyAll(): PolicySpec {
  return { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
}

/**
 * Addresses of cluster DNS that no selector finds: EKS Auto Mode answers on the node itself, at the tenth address of
 * whichever of its two service networks it chose (aws/containers-roadmap#2552); NodeLocal DNSCache, on a cluster that
 * has it, at its link-local address.
 */
const dnsAddresses = ["10.100.0.10/32", "172.20.0.10/32", "169.254.20.10/32"];

/** Every pod may ask the cluster's DNS. */
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

import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { inNamespace } from "../namespaces/policies";
import { namespaces, ports } from "../support/names";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;

/** Who sends requests: an ingress controller in a namespace of the cluster, over plain HTTP, or a load balancer with
 * addresses in one of several networks, those of its subnets, over TLS. Pods with addresses there come in too. */
export type IngressSource = { namespace: string } | { cidrs: pulumi.Input<string>[] };

/** Where k3s runs its Traefik. */
export const traefikNamespace = "kube-system";

const tcp = (...numbers: number[]) => numbers.map((port) => ({ protocol: "TCP", port }));
const block = (cidr: pulumi.Input<string>, except?: string[]): Peer => ({
  ipBlock: { cidr, ...(except && { except }) },
});

/** Requests reach the gateway's port for their source, and nothing else of the pod. */
export function ingressPolicy(podLabels: Record<string, string>, from: IngressSource): PolicySpec {
  const ingress =
    "namespace" in from
      ? [{ from: [inNamespace(from.namespace)], ports: tcp(ports.gatewayHttp) }]
      : // A rule each, for one with an empty list of sources would let everybody in.
        from.cidrs.map((cidr) => ({ from: [block(cidr)], ports: tcp(ports.gatewayHttps) }));
  return { podSelector: { matchLabels: podLabels }, policyTypes: ["Ingress"], ingress };
}

/**
 * What the application and its workers may reach: PgBouncer and Redis in the cluster, managed Redis, and the web.
 * @param vpcCidr  network of the managed Redis; none where Redis is in the cluster
 */
export function egressPolicy(podLabels: Record<string, string>, vpcCidr?: pulumi.Input<string>): PolicySpec {
  return {
    podSelector: { matchLabels: podLabels },
    policyTypes: ["Egress"],
    egress: [
      { to: [inNamespace(namespaces.data)], ports: tcp(ports.pgbouncer, ports.redis) },
      ...(vpcCidr === undefined ? [] : [{ to: [block(vpcCidr)], ports: tcp(ports.redis) }]),
      // Link-local addresses are the cloud's own: instance metadata, credentials.
      { to: [block("0.0.0.0/0", ["169.254.0.0/16"])], ports: tcp(80, 443) },
    ],
  };
}

import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { inNamespace } from "../namespaces/network-policies";
import { ports } from "../support/names";

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

/** Destinations of the application and its workers besides the web. */
export interface EgressTargets {
  /** Namespace of PgBouncer and of the in-cluster Redis. */
  storesNamespace: string;
  /** CIDR of the managed Redis. @default none: Redis is in the cluster */
  redisCidr?: string;
}

/** What the application and its workers may reach: PgBouncer and Redis in the cluster, managed Redis, and the web. */
export function egressPolicy(
  podLabels: Record<string, string>,
  { storesNamespace, redisCidr }: EgressTargets,
): PolicySpec {
  return {
    podSelector: { matchLabels: podLabels },
    policyTypes: ["Egress"],
    egress: [
      { to: [inNamespace(storesNamespace)], ports: tcp(ports.pgbouncer, ports.redis) },
      ...(redisCidr === undefined ? [] : [{ to: [block(redisCidr)], ports: tcp(ports.redis) }]),
      // Link-local addresses are the cloud's own: instance metadata, credentials.
      { to: [block("0.0.0.0/0", ["169.254.0.0/16"])], ports: tcp(80, 443) },
    ],
  };
}

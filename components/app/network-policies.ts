import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { credentialsAddress } from "../identity/identity";
import { inNamespace, tcp } from "../namespaces/network-policies";
import { ports } from "../support/names";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;

/** Source of requests: an ingress controller in a namespace of the cluster, over plain HTTP, or a load balancer in
 * subnets with these CIDRs, over TLS. Pods with addresses in these CIDRs are admitted too. */
export type IngressSource = { namespace: string } | { cidrs: pulumi.Input<string>[] };

/** Namespace in which k3s runs Traefik. */
export const traefikNamespace = "kube-system";

const block = (cidr: pulumi.Input<string>, except?: string[]): Peer => ({
  ipBlock: { cidr, ...(except && { except }) },
});

/** Returns the policy that admits the source to the gateway's port and denies all other ingress. */
export function ingressPolicy(podLabels: Record<string, string>, from: IngressSource): PolicySpec {
  const ingress =
    "namespace" in from
      ? [{ from: [inNamespace(from.namespace)], ports: tcp(ports.gatewayHttp) }]
      : // One rule per CIDR: a single rule with an empty `from` would admit every source.
        from.cidrs.map((cidr) => ({ from: [block(cidr)], ports: tcp(ports.gatewayHttps) }));
  return { podSelector: { matchLabels: podLabels }, policyTypes: ["Ingress"], ingress };
}

/** Link-local addresses, where clouds serve instance metadata and credentials. */
export const linkLocal = "169.254.0.0/16";

/** A network that the application may connect to over TCP. */
export interface EgressRule {
  /** A network without link-local addresses, or `any`: every address except those. */
  cidr: string;
  ports: number[];
}

/** Destinations of the application and its workers, in addition to the web. */
export interface EgressTargets {
  /** Further networks and ports. @default none */
  others?: EgressRule[];
  /** Namespace of PgBouncer and of the in-cluster Redis. */
  storesNamespace: string;
  /** CIDR of managed Redis. @default none: Redis runs in the cluster */
  redisCidr?: string;
  /** Port at which the node serves AWS credentials (`WorkloadIdentity`). @default none: the pods have no role */
  credentialsPort?: number;
}

/** Every address that is not link-local. */
export const anywhere = block("0.0.0.0/0", [linkLocal]);

/**
 * Returns the policy that allows egress to PgBouncer, Redis (in the cluster or managed), the web and `others`, and to the
 * node's credentials for pods with an IAM role.
 */
export function egressPolicy(
  podLabels: Record<string, string>,
  { storesNamespace, redisCidr, credentialsPort, others = [] }: EgressTargets,
): PolicySpec {
  return {
    podSelector: { matchLabels: podLabels },
    policyTypes: ["Egress"],
    egress: [
      { to: [inNamespace(storesNamespace)], ports: tcp(ports.pgbouncer, ports.redis) },
      ...(redisCidr === undefined ? [] : [{ to: [block(redisCidr)], ports: tcp(ports.redis) }]),
      { to: [anywhere], ports: tcp(80, 443) },
      // Of all link-local addresses only this one: the node's own credentials (169.254.169.254) stay out of reach.
      ...(credentialsPort === undefined
        ? []
        : [{ to: [block(`${credentialsAddress}/32`)], ports: tcp(credentialsPort) }]),
      ...others.map(({ cidr, ports }) => ({ to: [cidr === "any" ? anywhere : block(cidr)], ports: tcp(...ports) })),
    ],
  };
}

/** Returns the policy of all pods of a component that serve nobody: the application's egress, and no ingress. Probes come
 * from the node and need no rule. */
export function egressOnlyPolicy(component: string, targets: EgressTargets): PolicySpec {
  const pods = { "app.kubernetes.io/component": component, "app.kubernetes.io/part-of": "tierstack" };
  return { ...egressPolicy(pods, targets), policyTypes: ["Ingress", "Egress"] };
}

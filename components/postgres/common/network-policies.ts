import { isDeepStrictEqual } from "node:util";
import type * as k8s from "@pulumi/kubernetes";
import { inNamespace, tcp } from "../../namespaces/network-policies";
import { selectorLabels } from "../../support/labels";
import { ports } from "../../support/names";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;
export type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;

/** Names of the workloads. The policies select pods by them. */
export const workloads = {
  server: "postgres",
  bootstrap: "postgres-bootstrap",
  /** Of the server that a handover leaves. */
  sourceBootstrap: "postgres-bootstrap-source",
  pgbouncer: "pgbouncer",
  handover: "handover",
} as const;

/** Selects the pods of a workload in the same namespace. */
export const podsOf = (workload: keyof typeof workloads): Peer => ({
  podSelector: { matchLabels: selectorLabels(workloads[workload]) },
});

const selected = (workload: keyof typeof workloads) => ({
  podSelector: { matchLabels: selectorLabels(workloads[workload]) },
});

/**
 * Allows ingress from PgBouncer and the bootstrap only, and egress only to the other store, to copy data to or from it.
 * During a handover, its engine and the other store may connect too, because each store reads what the other one writes.
 */
export function serverPolicy({
  otherStore,
  handover,
}: {
  otherStore?: Peer | undefined;
  handover: boolean;
}): PolicySpec {
  const engine = [podsOf("sourceBootstrap"), podsOf("handover"), ...(otherStore ? [otherStore] : [])];
  return {
    ...selected("server"),
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      { from: [podsOf("pgbouncer"), podsOf("bootstrap"), ...(handover ? engine : [])], ports: tcp(ports.postgres) },
    ],
    ...(otherStore && { egress: [{ to: [otherStore], ports: tcp(ports.postgres) }] }),
  };
}

/** Allows egress to a server only, and no ingress. The namespace's own policy allows DNS. @param workload  name of the pods */
export const clientPolicy = (workload: string, server: Peer): PolicySpec => ({
  podSelector: { matchLabels: selectorLabels(workload) },
  policyTypes: ["Ingress", "Egress"],
  egress: [{ to: [server], ports: tcp(ports.postgres) }],
});

/**
 * Allows ingress from the clients' namespace and egress to the server. During a handover there are two servers, and its
 * engine uses the admin console.
 */
export function pgbouncerPolicy(clientNamespace: string, servers: Peer[], handover: boolean): PolicySpec {
  return {
    ...selected("pgbouncer"),
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      { from: [inNamespace(clientNamespace), ...(handover ? [podsOf("handover")] : [])], ports: tcp(ports.pgbouncer) },
    ],
    egress: [{ to: distinct(servers), ports: tcp(ports.postgres) }],
  };
}

/** Two instances of RDS are one peer: the addresses of the VPC. */
const distinct = (peers: Peer[]): Peer[] =>
  peers.filter((peer, at) => peers.findIndex((other) => isDeepStrictEqual(other, peer)) === at);

/** Allows egress to PgBouncer and to both servers, and no ingress. */
export function handoverPolicy(servers: Peer[]): PolicySpec {
  return {
    ...selected("handover"),
    policyTypes: ["Ingress", "Egress"],
    egress: [
      { to: [podsOf("pgbouncer")], ports: tcp(ports.pgbouncer) },
      { to: distinct(servers), ports: tcp(ports.postgres) },
    ],
  };
}

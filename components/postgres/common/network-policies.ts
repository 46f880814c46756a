import type * as k8s from "@pulumi/kubernetes";
import { inNamespace } from "../../namespaces/network-policies";
import { selectorLabels } from "../../support/labels";
import { ports } from "../../support/names";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;
export type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;

/** Names of the workloads here; the policies tell them apart by these. */
export const workloads = { server: "postgres", bootstrap: "postgres-bootstrap", pgbouncer: "pgbouncer" } as const;

const tcp = (port: number) => [{ protocol: "TCP", port }];

/** Pods of one of the workloads, in the same namespace. */
export const podsOf = (workload: keyof typeof workloads): Peer => ({
  podSelector: { matchLabels: selectorLabels(workloads[workload]) },
});

const selected = (workload: keyof typeof workloads) => ({
  podSelector: { matchLabels: selectorLabels(workloads[workload]) },
});

/** Nobody but PgBouncer and the bootstrap comes to the server, and the server goes nowhere. */
export function serverPolicy(): PolicySpec {
  return {
    ...selected("server"),
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [podsOf("pgbouncer"), podsOf("bootstrap")], ports: tcp(ports.postgres) }],
  };
}

/** The bootstrap reaches the server; nothing reaches the bootstrap. DNS is the namespace's own rule. */
export function bootstrapPolicy(server: Peer): PolicySpec {
  return {
    ...selected("bootstrap"),
    policyTypes: ["Ingress", "Egress"],
    egress: [{ to: [server], ports: tcp(ports.postgres) }],
  };
}

/** The clients' namespace reaches PgBouncer, and PgBouncer the server. Nobody reads its metrics yet. */
export function pgbouncerPolicy(clientNamespace: string, server: Peer): PolicySpec {
  return {
    ...selected("pgbouncer"),
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [inNamespace(clientNamespace)], ports: tcp(ports.pgbouncer) }],
    egress: [{ to: [server], ports: tcp(ports.postgres) }],
  };
}

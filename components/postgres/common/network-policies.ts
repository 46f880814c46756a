import type * as k8s from "@pulumi/kubernetes";
import { inNamespace } from "../../namespaces/network-policies";
import { selectorLabels } from "../../support/labels";
import { ports } from "../../support/names";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;
export type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;

/** Names of the workloads. The policies select pods by them. */
export const workloads = { server: "postgres", bootstrap: "postgres-bootstrap", pgbouncer: "pgbouncer" } as const;

const tcp = (port: number) => [{ protocol: "TCP", port }];

/** Selects the pods of a workload in the same namespace. */
export const podsOf = (workload: keyof typeof workloads): Peer => ({
  podSelector: { matchLabels: selectorLabels(workloads[workload]) },
});

const selected = (workload: keyof typeof workloads) => ({
  podSelector: { matchLabels: selectorLabels(workloads[workload]) },
});

/** Allows ingress from PgBouncer and the bootstrap only, and egress only to the other store, to copy data to or from it. */
export function serverPolicy(otherStore?: Peer): PolicySpec {
  return {
    ...selected("server"),
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [podsOf("pgbouncer"), podsOf("bootstrap")], ports: tcp(ports.postgres) }],
    ...(otherStore && { egress: [{ to: [otherStore], ports: tcp(ports.postgres) }] }),
  };
}

/** Allows egress to the server only, and no ingress. The namespace's own policy allows DNS. */
export function bootstrapPolicy(server: Peer): PolicySpec {
  return {
    ...selected("bootstrap"),
    policyTypes: ["Ingress", "Egress"],
    egress: [{ to: [server], ports: tcp(ports.postgres) }],
  };
}

/** Allows ingress from the clients' namespace and egress to the server. Nothing scrapes the metrics yet. */
export function pgbouncerPolicy(clientNamespace: string, server: Peer): PolicySpec {
  return {
    ...selected("pgbouncer"),
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [inNamespace(clientNamespace)], ports: tcp(ports.pgbouncer) }],
    egress: [{ to: [server], ports: tcp(ports.postgres) }],
  };
}

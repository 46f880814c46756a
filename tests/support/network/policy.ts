/*
 * The fields of a NetworkPolicy of networking.k8s.io/v1 that decide connections. Objects that an API server
 * has completed fit too: other fields are allowed.
 */

export type Labels = Record<string, string>;

export interface LabelSelector {
  matchLabels?: Labels;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

export interface Peer {
  podSelector?: LabelSelector;
  namespaceSelector?: LabelSelector;
  ipBlock?: { cidr: string; except?: string[] };
}

export interface PolicyPort {
  /** @default TCP */
  protocol?: string;
  /** Number, or name of a port of the target's containers. @default all */
  port?: number | string;
  /** Last of a range that begins at `port`. */
  endPort?: number;
}

export interface IngressRule {
  from?: Peer[];
  ports?: PolicyPort[];
}

export interface EgressRule {
  to?: Peer[];
  ports?: PolicyPort[];
}

export interface NetworkPolicy {
  metadata: { name: string; namespace?: string };
  spec: {
    podSelector?: LabelSelector;
    policyTypes?: string[];
    ingress?: IngressRule[];
    egress?: EgressRule[];
  };
}

export type Direction = "Ingress" | "Egress";

/** Directions in which the policy isolates the pods it selects; by default as the API server fills them in. */
export function directionsOf({ spec }: NetworkPolicy): Direction[] {
  if (spec.policyTypes?.length) return spec.policyTypes as Direction[];
  return spec.egress?.length ? ["Ingress", "Egress"] : ["Ingress"];
}

/** Whether a selector matches labels. An empty selector matches all. Throws for an unknown operator. */
export function selects({ matchLabels, matchExpressions }: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    (matchExpressions ?? []).every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === "In") return value !== undefined && values.includes(value);
      // A missing label is not in the list either.
      if (operator === "NotIn") return value === undefined || !values.includes(value);
      if (operator === "Exists") return value !== undefined;
      if (operator === "DoesNotExist") return value === undefined;
      throw new Error(`label selector: the operator ${operator}; allowed: In, NotIn, Exists, DoesNotExist`);
    })
  );
}

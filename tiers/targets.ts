import { type TargetKind, type Tier, tierNames, tiers } from ".";
import { type NodeType, sizes } from "./sizes";

/** What a kind of target demands of a stack's settings. */
interface TargetDemands {
  /** Whether the product needs a domain name. */
  domain: boolean;
  /** Whether the nodes are always in public subnets, whatever the egress of the tier. */
  publicNodes: boolean;
  /** Smallest node. Undefined if the stack creates no nodes. */
  smallestNode?: NodeType;
  /** Instance types that the target does not start. */
  excludedTypes?: RegExp;
}

/** The demands of every kind of target. */
export const demands = {
  existing: { domain: false, publicNodes: false },
  // docs.k3s.io, requirements of a server.
  k3s: { domain: false, publicNodes: true, smallestNode: { vcpu: 2, memoryGiB: 2 } },
  eks: {
    // Without a domain the load balancer has no certificate, and CloudFront would call it over plain HTTP.
    domain: true,
    publicNodes: false,
    // EKS Auto Mode: no type with less than 2 vCPU, and no nano, micro or small type.
    smallestNode: { vcpu: 2, memoryGiB: 2 },
    excludedTypes: /\.(nano|micro|small)$/,
  },
} satisfies Record<TargetKind, TargetDemands>;

/** The tiers whose target demands a domain name, or those whose target does not. */
export const tiersByDomain = (demanded: boolean): Tier[] =>
  tierNames.filter((tier) => demands[tiers[tier].target.kind].domain === demanded);

/** Whether the next tier runs on another kind of target, so that a move to it leaves this one. */
export function leavesTarget(tier: Tier): boolean {
  const next = tierNames[tierNames.indexOf(tier) + 1];
  return next !== undefined && tiers[next].target.kind !== tiers[tier].target.kind;
}

/** The instance types of the catalogue that a target can have as nodes. */
export function nodeTypes(kind: TargetKind): string[] {
  const { smallestNode, excludedTypes }: TargetDemands = demands[kind];
  return sizes.instanceTypes.filter((type) => {
    const size = sizes.instance(type);
    return (
      size !== undefined &&
      smallestNode !== undefined &&
      size.vcpu >= smallestNode.vcpu &&
      size.memoryGiB >= smallestNode.memoryGiB &&
      !excludedTypes?.test(type)
    );
  });
}

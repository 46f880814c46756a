import * as pulumi from "@pulumi/pulumi";
import type { Capacity, NodePoolSize } from "../../../tiers";
import { formatProblem } from "../../../tiers/problem";
import { sizes, unknownSize } from "../../../tiers/sizes";
import type { WorkerScheduling } from "../cluster";
import { volumeGiB } from "../volumes";

/** Name of the only NodeClass. Auto Mode reserves `default`. */
export const nodeClassName = "nodes";

const poolLabel = "tierstack.dev/pool";
const capacityLabel = "karpenter.sh/capacity-type";
const workersTaint = { key: "tierstack.dev/workers", value: "true", effect: "NoSchedule" };

export interface NodeClassArgs {
  /** Name of the nodes' IAM role, not its ARN. */
  role: pulumi.Input<string>;
  subnetIds: pulumi.Input<string>[];
  securityGroupId: pulumi.Input<string>;
  /** Whether the subnets are public. Nodes then need a public IPv4 address to reach the internet. */
  publicNodes: boolean;
}

/** Returns the `spec` of a NodeClass (eks.amazonaws.com/v1). Auto Mode always encrypts node volumes. */
export function nodeClassSpec({ role, subnetIds, securityGroupId, publicNodes }: NodeClassArgs) {
  return {
    role,
    subnetSelectorTerms: subnetIds.map((id) => ({ id })),
    securityGroupSelectorTerms: [{ id: securityGroupId }],
    advancedNetworking: { associatePublicIPAddress: publicNodes },
    // Enforces NetworkPolicies; pods that no policy selects stay open. DefaultDeny would isolate kube-system too.
    networkPolicy: "DefaultAllow",
    ephemeralStorage: { size: `${volumeGiB.eksNode}Gi` },
  };
}

/**
 * Returns the CPU and memory limits of a pool: `maxNodes` times the largest type, so a pool of that type alone reaches
 * `maxNodes`. Throws a RunError for a type that is not in the catalogue.
 */
export function poolLimits({ instanceTypes, maxNodes }: Pick<NodePoolSize, "instanceTypes" | "maxNodes">) {
  const nodeTypes = instanceTypes.map((type) => {
    const size = sizes.instance(type);
    if (size) return size;
    throw new pulumi.RunError(formatProblem(unknownSize("nodes.instanceTypes", type, sizes.instanceTypes)));
  });
  const limit = (get: (size: (typeof nodeTypes)[number]) => number) => Math.max(...nodeTypes.map(get)) * maxNodes;
  return { cpu: `${limit(({ vcpu }) => vcpu)}`, memory: `${limit(({ memoryGiB }) => memoryGiB)}Gi` };
}

/** Returns the `spec` of a NodePool (karpenter.sh/v1). */
function nodePoolSpec(pool: string, capacityTypes: Capacity[], size: NodePoolSize, taints: (typeof workersTaint)[]) {
  const oneOf = (key: string, values: string[]) => ({ key, operator: "In", values });
  return {
    template: {
      metadata: { labels: { [poolLabel]: pool } },
      spec: {
        nodeClassRef: { group: "eks.amazonaws.com", kind: "NodeClass", name: nodeClassName },
        requirements: [
          oneOf("kubernetes.io/arch", ["arm64"]),
          oneOf(capacityLabel, capacityTypes),
          oneOf("node.kubernetes.io/instance-type", size.instanceTypes),
        ],
        ...(taints.length > 0 && { taints }),
        // The default of Auto Mode, set explicitly so that the plan shows it.
        expireAfter: "336h",
      },
    },
    limits: poolLimits(size),
    disruption: {
      consolidationPolicy: "WhenEmptyOrUnderutilized",
      // Matches the autoscalers' scale-down window, so a node stays between two peaks.
      consolidateAfter: "5m",
      // One node at a time, up to ten nodes: Karpenter rounds percentages up.
      budgets: [{ nodes: "10%" }],
    },
  };
}

/** Returns the `spec` of the on-demand pool, which runs the application and the platform's own pods. */
export function generalPoolSpec(size: NodePoolSize) {
  return nodePoolSpec("general", ["on-demand"], size, []);
}

/**
 * Returns the `spec` of the workers' pool, whose taint only workers tolerate. With both capacity types Karpenter takes
 * spot first, and on-demand within moments if AWS has no spot capacity (Karpenter, "NodePools", capacity type). Later
 * it replaces an on-demand node by a spot one, because that is cheaper.
 */
export function workersPoolSpec(size: NodePoolSize) {
  return nodePoolSpec("workers", ["spot", "on-demand"], size, [workersTaint]);
}

/** Schedules worker pods on the workers' pool. */
export const workersPoolScheduling: WorkerScheduling = {
  nodeSelector: { [poolLabel]: "workers" },
  onDemandSelector: { [capacityLabel]: "on-demand" },
  tolerations: [{ ...workersTaint, operator: "Equal" }],
};

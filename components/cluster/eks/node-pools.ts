import * as pulumi from "@pulumi/pulumi";
import type { NodePoolSize } from "../../../tiers";
import { formatProblem } from "../../../tiers/problem";
import { sizes, unknownSize } from "../../../tiers/sizes";
import type { WorkerScheduling } from "../cluster";

/** The one NodeClass; `default` is reserved by Auto Mode. */
export const nodeClassName = "nodes";

const poolLabel = "tierstack.dev/pool";
const workersTaint = { key: "tierstack.dev/workers", value: "true", effect: "NoSchedule" };

export interface NodeClassArgs {
  /** Name (not ARN) of the nodes' IAM role. */
  role: pulumi.Input<string>;
  subnetIds: pulumi.Input<string>[];
  securityGroupId: pulumi.Input<string>;
  /** The subnets are public: nodes need a public address to reach the internet. */
  publicNodes: boolean;
}

/** `spec` of a NodeClass (eks.amazonaws.com/v1). Auto Mode encrypts node volumes at every setting. */
export function nodeClassSpec({ role, subnetIds, securityGroupId, publicNodes }: NodeClassArgs) {
  return {
    role,
    subnetSelectorTerms: subnetIds.map((id) => ({ id })),
    securityGroupSelectorTerms: [{ id: securityGroupId }],
    advancedNetworking: { associatePublicIPAddress: publicNodes },
    // NetworkPolicies are enforced; what no policy selects stays open. DefaultDeny would shut kube-system too.
    networkPolicy: "DefaultAllow",
    // Images and scratch space; pods keep nothing on a node.
    ephemeralStorage: { size: "20Gi" },
  };
}

/** Most CPU and memory of a pool: `maxNodes` of the largest type, so that a pool of only that type gets them all. */
export function poolLimits({ instanceTypes, maxNodes }: Pick<NodePoolSize, "instanceTypes" | "maxNodes">) {
  const known = instanceTypes.map((type) => {
    const size = sizes.instance(type);
    if (size) return size;
    throw new pulumi.RunError(formatProblem(unknownSize("nodes.instanceTypes", type, sizes.instanceTypes)));
  });
  const most = (of: (size: (typeof known)[number]) => number) => Math.max(...known.map(of)) * maxNodes;
  return { cpu: `${most(({ vcpu }) => vcpu)}`, memory: `${most(({ memoryGiB }) => memoryGiB)}Gi` };
}

/** `spec` of a NodePool (karpenter.sh/v1). */
function nodePoolSpec(
  pool: string,
  capacityType: "on-demand" | "spot",
  size: NodePoolSize,
  taints: (typeof workersTaint)[],
) {
  const isIn = (key: string, values: string[]) => ({ key, operator: "In", values });
  return {
    template: {
      metadata: { labels: { [poolLabel]: pool } },
      spec: {
        nodeClassRef: { group: "eks.amazonaws.com", kind: "NodeClass", name: nodeClassName },
        requirements: [
          isIn("kubernetes.io/arch", ["arm64"]),
          isIn("karpenter.sh/capacity-type", [capacityType]),
          isIn("node.kubernetes.io/instance-type", size.instanceTypes),
        ],
        ...(taints.length > 0 && { taints }),
        // Auto Mode allows no longer life; said here so that a plan shows it.
        expireAfter: "336h",
      },
    },
    limits: poolLimits(size),
    disruption: {
      consolidationPolicy: "WhenEmptyOrUnderutilized",
      // The autoscalers' own window for scaling in: a node is not taken away between two peaks.
      consolidateAfter: "5m",
      // One node at a time up to ten nodes: a share is rounded up.
      budgets: [{ nodes: "10%" }],
    },
  };
}

/** On-demand nodes for the application and everything the platform itself runs. */
export function generalPoolSpec(size: NodePoolSize) {
  return nodePoolSpec("general", "on-demand", size, []);
}

/** Spot nodes that only workers tolerate. */
export function workersPoolSpec(size: NodePoolSize) {
  return nodePoolSpec("workers", "spot", size, [workersTaint]);
}

/** What sends a pod to the workers' nodes. */
export const spotScheduling: WorkerScheduling = {
  nodeSelector: { [poolLabel]: "workers" },
  tolerations: [{ ...workersTaint, operator: "Equal" }],
};

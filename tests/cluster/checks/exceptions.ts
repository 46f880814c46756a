/** An accepted finding of kube-score. */
export interface Exception {
  /** Name of the check in `kube-score list`. */
  check: string;
  /** Text of the finding, if the check reports several. @default every finding of the check */
  finding?: string;
  /** Stacks it applies to. @default all */
  stacks?: string[];
  reason: string;
}

/** Stacks with a single node. */
const oneNode = ["local", "mvp", "startup"];

/** Accepted findings. Every other critical finding or warning of kube-score is an error. */
export const exceptions: Exception[] = [
  {
    check: "container-resources",
    finding: "CPU limit is not set",
    reason: "memory is limited; a CPU limit would throttle a container on a node with spare CPU",
  },
  {
    check: "container-ephemeral-storage-request-and-limit",
    reason: "root file systems are read-only and every emptyDir has a size limit; the kubelet rotates logs",
  },
  {
    check: "container-image-pull-policy",
    reason: "images are pinned by version; a pod must restart while the registry is unreachable",
  },
  {
    check: "container-security-context-user-group-id",
    reason: "the images' own users, who can read the images' files; none is root",
  },
  {
    check: "pod-probes-identical",
    reason: "liveness and readiness use the same check, but liveness fails only after at least twice as long",
  },
  {
    check: "deployment-has-host-podantiaffinity",
    reason: "topologySpreadConstraints spread the pods over zones and nodes; a single node needs no spreading",
  },
  {
    check: "deployment-replicas",
    stacks: oneNode,
    reason: "a second replica on the same node would fall with the first",
  },
  {
    check: "horizontalpodautoscaler-replicas",
    stacks: oneNode,
    reason: "a second replica on the same node would fall with the first",
  },
];

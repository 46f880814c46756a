/** A finding of the linter that is meant to be so. */
export interface Exception {
  /** The check's name in `kube-score list`. */
  check: string;
  /** The one finding of the check that is meant, where it makes several. */
  finding?: string;
  /** Stacks for which it holds. @default all */
  stacks?: string[];
  reason: string;
}

/** On these one node is all there is. */
const oneNode = ["local", "mvp", "startup"];

/** Every other critical finding or warning of kube-score is an error. */
export const exceptions: Exception[] = [
  {
    check: "container-resources",
    finding: "CPU limit is not set",
    reason: "memory is limited; a limit on CPU would hold a container back on a node with CPU to spare",
  },
  {
    check: "container-ephemeral-storage-request-and-limit",
    reason: "root file systems are read-only and every emptyDir has a size limit; the kubelet turns logs over",
  },
  {
    check: "container-image-pull-policy",
    reason: "images are pinned by version; a pod must come back while the registry is out of reach",
  },
  {
    check: "container-security-context-user-group-id",
    reason: "the images' own users, with which their files can be read; none is root",
  },
  {
    check: "pod-probes-identical",
    reason: "liveness asks what readiness asks, but restarts only after at least twice as long without an answer",
  },
  {
    check: "deployment-has-host-podantiaffinity",
    reason:
      "pods are spread by topologySpreadConstraints, over zones and nodes; with one node there is nothing to spread",
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

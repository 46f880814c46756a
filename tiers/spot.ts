import type { Capacity, TargetSize } from "./types";

/** Seconds between AWS's notice and the end of a spot instance (EC2 User Guide, "Spot Instance interruption notices"). */
export const spotNoticeSeconds = 120;

/**
 * Seconds of the notice that a worker or an application pod has to end. On a k3s node the rest is for the stores and the
 * system's pods (15), for the node to see the notice (up to 5) and for systemd (10). On EKS it is for the notice to reach
 * the pod through Karpenter.
 */
export const spotPodSeconds = 90;

/** Returns the capacity that a queue's workers run on; undefined on an existing cluster. */
export function workerCapacity(target: TargetSize, queue: { capacity?: Capacity | undefined }): Capacity | undefined {
  switch (target.kind) {
    case "existing":
      return undefined;
    case "k3s":
      return target.capacity;
    case "eks":
      return target.spot ? (queue.capacity ?? "spot") : "on-demand";
  }
}

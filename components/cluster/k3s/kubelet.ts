import { reservedMiB } from "../../../tiers/k3s-memory";
import { spotPodSeconds } from "../../../tiers/spot";

export interface KubeletArgs {
  /**
   * Lowest priority of the pods that a shutdown of the node ends after all others: the stores, and what leads to them.
   * Without them a job could not save its result.
   */
  storePriority: number;
}

/** Priority of Kubernetes' class system-cluster-critical. */
const systemPriority = 2_000_000_000;

/**
 * Returns the configuration of the kubelet. At a graceful shutdown of the node it ends pods in the order of their
 * priority, each group once the one before is gone: jobs and requests finish, then the stores stop, then the system's
 * pods such as DNS. A group that takes longer than its seconds is killed. All fits into the notice of the spot market.
 */
export function kubeletConfig({ storePriority }: KubeletArgs) {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    systemReserved: { memory: `${reservedMiB}Mi` },
    // The node has swap for k3s and the operating system. Pods get none, so their limits hold.
    failSwapOn: false,
    memorySwap: { swapBehavior: "NoSwap" },
    shutdownGracePeriodByPodPriority: [
      { priority: 0, shutdownGracePeriodSeconds: spotPodSeconds },
      { priority: storePriority, shutdownGracePeriodSeconds: 10 },
      { priority: systemPriority, shutdownGracePeriodSeconds: 5 },
    ],
    // The kubelet refuses both ways at once, should k3s have defaults for these.
    shutdownGracePeriod: "0s",
    shutdownGracePeriodCriticalPods: "0s",
  };
}

import type * as k8s from "@pulumi/kubernetes";

type Behavior = k8s.types.input.autoscaling.v2.HorizontalPodAutoscalerBehavior;

/** CPU utilization above which an autoscaler adds pods, in percent of the requests. */
export const cpuTargetPercent = 70;

/**
 * Returns the behavior of an autoscaler. It scales out immediately, by doubling or by `podsAtOnce`, whichever is more.
 * It scales in slowly, one pod a minute, because bursts often come in series. Without a tolerance of 0, an autoscaler
 * ignores the first 10 % above its target: CPU from 71 to 77 %, 101 to 110 jobs. Kubernetes before 1.35 does not
 * support the field.
 */
export function scalingBehavior(podsAtOnce: number): Required<Pick<Behavior, "scaleUp" | "scaleDown">> {
  return {
    scaleUp: {
      stabilizationWindowSeconds: 0,
      tolerance: "0",
      selectPolicy: "Max",
      policies: [
        { type: "Percent", value: 100, periodSeconds: 15 },
        { type: "Pods", value: podsAtOnce, periodSeconds: 15 },
      ],
    },
    scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] },
  };
}

import type * as k8s from "@pulumi/kubernetes";

type Behavior = k8s.types.input.autoscaling.v2.HorizontalPodAutoscalerBehavior;

/** CPU at which an autoscaler adds pods, in percent of what they request (requirements.md). */
export const cpuTargetPercent = 70;

/**
 * Out at once, by doubling or by a number of pods, whichever is more; in slowly, a pod a minute, for a burst seldom
 * comes alone. Without the tolerance an autoscaler lets a tenth pass: CPU from 71 to 77 %, and 101 to 110 jobs. Kubernetes
 * before 1.35 does not know it, and lets them pass.
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

import type * as k8s from "@pulumi/kubernetes";
import type { AppSize } from "../../tiers";
import { cpuTargetPercent, scalingBehavior } from "../support/scaling";
import { appContainerName } from "./containers";

type Spec = k8s.types.input.autoscaling.v2.HorizontalPodAutoscalerSpec;
type Metric = k8s.types.input.autoscaling.v2.MetricSpec;

/** Percent of what is requested (requirements.md: CPU 70 %, memory 80 %, in below 30 %). */
export const utilization = { cpu: cpuTargetPercent, memory: 80, scaleInBelow: 30 } as const;

/** How far below its target a metric may lie before a pod is taken away, as a share of the target, rounded so that CPU at
 * the mark itself keeps the pod. It holds for every metric: for memory too a pod goes only below 35 %. */
export function scaleInTolerance(): string {
  return `${Math.ceil((1 - utilization.scaleInBelow / utilization.cpu) * 1000)}m`;
}

/** Of the application's container alone: the gateway's few MiB would blur the pod's average. */
function metric(name: "cpu" | "memory"): Metric {
  return {
    type: "ContainerResource",
    containerResource: {
      name,
      container: appContainerName,
      target: { type: "Utilization", averageUtilization: utilization[name] },
    },
  };
}

/** Four pods at once at the least, and in only where little is asked of the pods. */
export function autoscalerSpec(deployment: string, size: Pick<AppSize, "minReplicas" | "maxReplicas">): Spec {
  const { scaleUp, scaleDown } = scalingBehavior(4);
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
    minReplicas: size.minReplicas,
    maxReplicas: size.maxReplicas,
    metrics: [metric("cpu"), metric("memory")],
    behavior: { scaleUp, scaleDown: { ...scaleDown, tolerance: scaleInTolerance() } },
  };
}

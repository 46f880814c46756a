import type * as k8s from "@pulumi/kubernetes";
import type { AppSize } from "../../tiers";
import { appContainerName } from "./containers";

type Spec = k8s.types.input.autoscaling.v2.HorizontalPodAutoscalerSpec;
type Metric = k8s.types.input.autoscaling.v2.MetricSpec;

/** Percent of what is requested (requirements.md: CPU 70 %, memory 80 %, in below 30 %). */
export const utilization = { cpu: 70, memory: 80, scaleInBelow: 30 } as const;

/** How far below its target a metric may lie before a pod is taken away, as a share of the target. It holds for every
 * metric: for memory too a pod goes only below 34 %. */
export function scaleInTolerance(): string {
  return `${Math.floor((1 - utilization.scaleInBelow / utilization.cpu) * 1000)}m`;
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

/** Out at once, by doubling or four pods, whichever is more; in slowly, a pod a minute. */
export function autoscalerSpec(deployment: string, size: Pick<AppSize, "minReplicas" | "maxReplicas">): Spec {
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
    minReplicas: size.minReplicas,
    maxReplicas: size.maxReplicas,
    metrics: [metric("cpu"), metric("memory")],
    behavior: {
      scaleUp: {
        stabilizationWindowSeconds: 0,
        selectPolicy: "Max",
        policies: [
          { type: "Percent", value: 100, periodSeconds: 15 },
          { type: "Pods", value: 4, periodSeconds: 15 },
        ],
      },
      scaleDown: {
        stabilizationWindowSeconds: 300,
        policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
        tolerance: scaleInTolerance(),
      },
    },
  };
}

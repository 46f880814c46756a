import type * as k8s from "@pulumi/kubernetes";
import type { AppSize } from "../../tiers";
import { cpuTargetPercent, scalingBehavior } from "../support/scaling";
import { appContainerName } from "./containers";

type Spec = k8s.types.input.autoscaling.v2.HorizontalPodAutoscalerSpec;
type Metric = k8s.types.input.autoscaling.v2.MetricSpec;

/** Percent of the requested resources. */
const utilization = { cpu: cpuTargetPercent, memory: 80, scaleInBelow: 30 } as const;

export interface AutoscalerArgs {
  size: Pick<AppSize, "minReplicas" | "maxReplicas">;
  /**
   * Whether memory above 80 % adds pods too. Memory above 35 % then keeps them, so it is only for a runtime that returns
   * memory after a burst (docs/adr/0011-autoscaling-by-cpu.md). @default false
   */
  scaleOnMemory?: boolean | undefined;
}

/**
 * Returns how far below its target a metric must fall before the autoscaler removes a pod, as a fraction of the target.
 * Rounded up, so that CPU at exactly 30 % keeps the pod. It applies to every metric: memory must fall below 35 %.
 */
function scaleInTolerance(): string {
  return `${Math.ceil((1 - utilization.scaleInBelow / utilization.cpu) * 1000)}m`;
}

/** Measures the application's container only: the gateway's few MiB would skew the pod's average. */
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

/** Returns the autoscaler's spec. It can add at least four pods at once and removes pods only at low utilization. */
export function autoscalerSpec(deployment: string, { size, scaleOnMemory = false }: AutoscalerArgs): Spec {
  const { scaleUp, scaleDown } = scalingBehavior(4);
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
    minReplicas: size.minReplicas,
    maxReplicas: size.maxReplicas,
    metrics: [metric("cpu"), ...(scaleOnMemory ? [metric("memory")] : [])],
    behavior: { scaleUp, scaleDown: { ...scaleDown, tolerance: scaleInTolerance() } },
  };
}

import type * as k8s from "@pulumi/kubernetes";
import type { ReplicaRange } from "../../tiers";
import { cpuTargetPercent, scalingBehavior } from "../support/scaling";

/** Workers that a queue above its mark is to have (requirements: more than 100 waiting jobs, five workers). */
export const workersAboveMark = 5;

/**
 * Waiting jobs a worker is reckoned with, such that one job above the mark asks for the fifth worker: 25 of 100, so
 * that 101 jobs are five workers' and fewer than 26 are one's.
 */
export function jobsPerWorker(queueHigh: number): number {
  return Math.max(1, Math.floor(queueHigh / (workersAboveMark - 1)));
}

/** Redis list of a queue's waiting jobs: BullMQ's, its prefix in braces so that a queue's keys share a slot. */
export function waitingList(queue: { name: string; list?: string | undefined }): string {
  return queue.list ?? `{${queue.name}}:${queue.name}:wait`;
}

/** To five workers in one step. */
export const poolBehavior = () => scalingBehavior(workersAboveMark - 1);

const targetOf = (name: string) => ({ apiVersion: "apps/v1", kind: "Deployment", name });

/** HorizontalPodAutoscaler of a worker pool, on CPU. */
export function cpuScalerSpec(
  name: string,
  { minReplicas, maxReplicas }: ReplicaRange,
): k8s.types.input.autoscaling.v2.HorizontalPodAutoscalerSpec {
  return {
    scaleTargetRef: targetOf(name),
    minReplicas,
    maxReplicas,
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: cpuTargetPercent } },
      },
    ],
    behavior: poolBehavior(),
  };
}

export interface QueueScaler extends ReplicaRange {
  /** Name of the Deployment. */
  name: string;
  /** Redis list of waiting jobs. */
  list: string;
  /** Waiting jobs above which five workers run. */
  queueHigh: number;
  /** `host:port` of Redis. */
  address: unknown;
  /** Name of the TriggerAuthentication. */
  authentication: unknown;
}

/**
 * Spec of a KEDA ScaledObject. No `cooldownPeriod`: it rules the step to zero only, and a pool never gets there; the
 * way in is the behaviour's.
 */
export function queueScalerSpec(scaler: QueueScaler): Record<string, unknown> {
  const { minReplicas, maxReplicas } = scaler;
  return {
    scaleTargetRef: targetOf(scaler.name),
    minReplicaCount: minReplicas,
    maxReplicaCount: maxReplicas,
    pollingInterval: 30,
    // Redis away: the workers that run go on, and are at least the fewest.
    fallback: { failureThreshold: 3, replicas: minReplicas, behavior: "currentReplicasIfHigher" },
    advanced: {
      horizontalPodAutoscalerConfig: { behavior: poolBehavior() },
    },
    triggers: [
      {
        type: "redis-cluster",
        metricType: "AverageValue",
        // One look at the list per poll, however often the autoscaler asks.
        useCachedMetrics: true,
        metadata: {
          addresses: scaler.address,
          listName: scaler.list,
          listLength: String(jobsPerWorker(scaler.queueHigh)),
          enableTLS: "true",
        },
        authenticationRef: { name: scaler.authentication },
      },
    ],
  };
}

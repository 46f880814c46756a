import type * as k8s from "@pulumi/kubernetes";
import type { ReplicaRange } from "../../tiers";
import { cpuTargetPercent, scalingBehavior } from "../support/scaling";

/** Workers of a queue above its threshold. */
const workersAboveMark = 5;

/**
 * Returns the target of waiting jobs per worker, so that one job above the threshold requires the fifth worker: with a
 * threshold of 100 it is 25, so 101 jobs need five workers and fewer than 26 need one.
 */
export function jobsPerWorker(queueHigh: number): number {
  return Math.max(1, Math.floor(queueHigh / (workersAboveMark - 1)));
}

/** Returns the Redis list of a queue's waiting jobs. The default is BullMQ's, with a hash tag as the prefix, so that
 * all keys of a queue share a slot. */
export function waitingList(queue: { name: string; list?: string | undefined }): string {
  return queue.list ?? `{${queue.name}}:${queue.name}:wait`;
}

/** Scales out to five workers in one step. */
export const poolBehavior = () => scalingBehavior(workersAboveMark - 1);

const targetOf = (name: string) => ({ apiVersion: "apps/v1", kind: "Deployment", name });

/** Returns the spec of a pool's HorizontalPodAutoscaler, which scales on CPU. */
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
 * Returns the spec of a KEDA ScaledObject. It has no `cooldownPeriod`, which only applies to scaling to zero; a pool
 * never does. The behavior controls scale-in.
 */
export function queueScalerSpec(scaler: QueueScaler): Record<string, unknown> {
  const { minReplicas, maxReplicas } = scaler;
  return {
    scaleTargetRef: targetOf(scaler.name),
    minReplicaCount: minReplicas,
    maxReplicaCount: maxReplicas,
    pollingInterval: 30,
    // If Redis is unreachable, keep the current workers, and at least the minimum.
    fallback: { failureThreshold: 3, replicas: minReplicas, behavior: "currentReplicasIfHigher" },
    advanced: {
      horizontalPodAutoscalerConfig: { behavior: poolBehavior() },
    },
    triggers: [
      {
        type: "redis-cluster",
        metricType: "AverageValue",
        // Query the list once per poll, however often the autoscaler reads the metric.
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

import { conditionOf, identityOf, type KubernetesObject, type StackObject } from "../support/objects";
import type { Api } from "./api/api";
import { until } from "./control-plane/servers";

export const deploymentKind = { apiVersion: "apps/v1", kind: "Deployment" };
export const statefulSetKind = { apiVersion: "apps/v1", kind: "StatefulSet" };
const daemonSetKind = { apiVersion: "apps/v1", kind: "DaemonSet" };
export const podKind = { apiVersion: "v1", kind: "Pod" };
const budgetKind = { apiVersion: "policy/v1", kind: "PodDisruptionBudget" };
const jobKind = { apiVersion: "batch/v1", kind: "Job" };

/** Label selector of a stack's objects. */
export const ours = { labelSelector: "app.kubernetes.io/part-of=tierstack" };

/** Whether the pod receives requests: it is ready and not terminating. */
export function isReady(pod: KubernetesObject): boolean {
  return pod.metadata.deletionTimestamp === undefined && conditionOf(pod, "Ready")?.status === "True";
}

/** Whether all pods are available and have the current template. */
function isRolledOut({ kind, metadata, spec, status }: KubernetesObject): boolean {
  if (status?.observedGeneration !== metadata.generation) return false;
  if (kind === "DaemonSet") {
    const { desiredNumberScheduled = 0, updatedNumberScheduled, numberAvailable } = status;
    return (
      desiredNumberScheduled > 0 && [updatedNumberScheduled, numberAvailable].every((n) => n === desiredNumberScheduled)
    );
  }
  const desired = spec.replicas ?? 1;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  const revised = kind === "Deployment" || status.currentRevision === status.updateRevision;
  return revised && replicas === desired && updatedReplicas === desired && availableReplicas === desired;
}

/** Returns the names of the stack's workloads that are still rolling out. */
async function unfinished(api: Api): Promise<string[]> {
  const sets = [
    ...(await api.list(deploymentKind, undefined, ours)),
    ...(await api.list(statefulSetKind, undefined, ours)),
    ...(await api.list(daemonSetKind, undefined, ours)),
  ];
  const jobs = await api.list(jobKind, undefined, ours);
  return [
    ...sets.filter((set) => !isRolledOut(set)),
    ...jobs.filter(({ status }) => !((status?.succeeded ?? 0) > 0)),
  ].map(identityOf);
}

/** Returns the scheduler's messages for pending pods. */
async function unscheduled(api: Api): Promise<string[]> {
  const pods = await api.list(podKind, undefined, ours);
  return pods.flatMap((pod) => {
    const scheduled = conditionOf(pod, "PodScheduled");
    return scheduled?.status === "False" ? [`${pod.metadata.name}: ${scheduled.message}`] : [];
  });
}

/** Waits until every Deployment, StatefulSet, DaemonSet and Job of the stack has rolled out. */
export async function rolledOut(api: Api): Promise<void> {
  let waiting: string[] = [];
  try {
    await until("every workload's pods", async () => {
      waiting = await unfinished(api);
      return waiting.length === 0 || undefined;
    });
  } catch (error) {
    throw new Error([(error as Error).message, ...waiting, ...(await unscheduled(api))].join("\n"));
  }
}

/**
 * Returns the stack's PodDisruptionBudgets that block every eviction although all pods are ready, or that select no
 * pod. The former prevent node drains; the latter protect nothing.
 */
export async function blockedBudgets(api: Api, objects: StackObject[]): Promise<string[]> {
  const given = objects.filter(({ object }) => object.kind === budgetKind.kind);
  const budgets = await until("the disruption budgets' status", async () => {
    const all = await api.list(budgetKind, undefined, ours);
    const judged = all.every(
      ({ metadata, status }) =>
        status?.observedGeneration === metadata.generation && status.currentHealthy >= status.expectedPods,
    );
    return judged && all.length === given.length ? all : undefined;
  });
  return budgets.filter(({ status }) => status.disruptionsAllowed < 1).map(identityOf);
}

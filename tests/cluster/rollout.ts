import { conditionOf, identityOf, type KubernetesObject, type StackObject } from "../support/objects";
import type { Api } from "./api/api";
import { until } from "./control-plane/servers";

export const deploymentKind = { apiVersion: "apps/v1", kind: "Deployment" };
export const statefulSetKind = { apiVersion: "apps/v1", kind: "StatefulSet" };
export const podKind = { apiVersion: "v1", kind: "Pod" };
const budgetKind = { apiVersion: "policy/v1", kind: "PodDisruptionBudget" };
const jobKind = { apiVersion: "batch/v1", kind: "Job" };

/** Finds what belongs to a stack. */
export const ours = { labelSelector: "app.kubernetes.io/part-of=tierstack" };

/** Whether the pod answers requests: one that is going does not get any more. */
export function isReady(pod: KubernetesObject): boolean {
  return pod.metadata.deletionTimestamp === undefined && conditionOf(pod, "Ready")?.status === "True";
}

/** Whether all pods are those of the present template, and available. */
function isRolledOut({ kind, metadata, spec, status }: KubernetesObject): boolean {
  if (status?.observedGeneration !== metadata.generation) return false;
  const wanted = spec.replicas ?? 1;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  const revised = kind === "Deployment" || status.currentRevision === status.updateRevision;
  return revised && replicas === wanted && updatedReplicas === wanted && availableReplicas === wanted;
}

/** Names of the workloads of the stack that have not come to rest. */
async function unfinished(api: Api): Promise<string[]> {
  const sets = [
    ...(await api.list(deploymentKind, undefined, ours)),
    ...(await api.list(statefulSetKind, undefined, ours)),
  ];
  const jobs = await api.list(jobKind, undefined, ours);
  return [
    ...sets.filter((set) => !isRolledOut(set)),
    ...jobs.filter(({ status }) => !((status?.succeeded ?? 0) > 0)),
  ].map(identityOf);
}

/** Why pods wait for a node, in the scheduler's words. */
async function unscheduled(api: Api): Promise<string[]> {
  const pods = await api.list(podKind, undefined, ours);
  return pods.flatMap((pod) => {
    const scheduled = conditionOf(pod, "PodScheduled");
    return scheduled?.status === "False" ? [`${pod.metadata.name}: ${scheduled.message}`] : [];
  });
}

/** Waits until every Deployment, StatefulSet and Job of the stack has its pods, and none of an older template. */
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

/** Disruption budgets of a stack under which no pod may be evicted although all are ready, or that no pod has: the first
 * would keep a node from being drained, the others guard nothing. */
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

/** Drains nodes as `kubectl drain --ignore-daemonsets --delete-emptydir-data` does, and uncordons them afterwards. */
import { namespaceNames } from "../../../components/namespaces/namespaces";
import { count } from "../../../planner/views/text";
import { spelled } from "../../duration";
import { Failure } from "../../failure";
import { ours, podsNamed, Refused } from "../../kube/kube";
import { type Deployment, isReady, type Node, type Pod } from "../../kube/objects";
import { apps } from "../../kube/workloads";
import { application, commandIn, type World } from "../../world";
import { always } from "../always";
import type { Outcome, Prepared } from "../drill";
import { drainPrediction } from "../expectations";
import { outage } from "../outage";

const keyOf = ({ uid, name }: Pod["metadata"]) => uid ?? name;

const nodePath = (name: string) => `/api/v1/nodes/${name}`;

/** Nodes that take pods. */
export const nodesOf = async ({ kube }: World): Promise<Node[]> =>
  (await kube.list<Node>("/api/v1/nodes")).filter((node) => isReady(node) && !node.spec?.unschedulable);

/** What makes a pod again, and by which the pods of one workload are counted. */
const controllerOf = ({ metadata }: Pod) => metadata.ownerReferences?.find(({ controller }) => controller);

/** Pods of nodes that a drain evicts: neither those of DaemonSets, nor static ones, nor those that have ended. */
async function movable({ kube }: World, nodes: readonly string[]): Promise<Pod[]> {
  const pods = await kube.list<Pod>("/api/v1/pods");
  return pods.filter(
    (pod) =>
      nodes.includes(pod.spec.nodeName ?? "") &&
      pod.status?.phase !== "Succeeded" &&
      pod.status?.phase !== "Failed" &&
      !pod.metadata.annotations?.["kubernetes.io/config.mirror"] &&
      controllerOf(pod)?.kind !== "DaemonSet",
  );
}

/** Throws a Failure where a pod has no controller: nothing would make it again. */
function expectControllers(pods: readonly Pod[]): void {
  const alone = pods.filter((pod) => controllerOf(pod) === undefined);
  if (alone.length === 0) return;
  throw new Failure({
    where: `pods of ${[...new Set(alone.map(({ spec }) => spec.nodeName))].join(", ")}`,
    given: `${alone.map(({ metadata: { namespace, name } }) => `${namespace}/${name}`).join(", ")} without a controller`,
    allowed: "pods that a Deployment, a StatefulSet or another controller makes again",
    fix: "wait until they have ended, or delete those that nobody needs",
  });
}

/** How often each text is there. */
function counted(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** Pods that are not in the product's namespaces, as text: ` (3 of them not the product's: 2 in batch, 1 in kube-system)`. */
function othersOf({ namespaces }: World, pods: readonly Pod[]): string {
  const prefix = namespaces.app.slice(0, -namespaceNames().app.length).replace(/-$/, "");
  const own = Object.values(namespaceNames(prefix));
  const others = pods.flatMap(({ metadata }) => metadata.namespace ?? []).filter((one) => !own.includes(one));
  if (others.length === 0) return "";
  const each = [...counted(others.sort())].map(([namespace, number]) => `${number} in ${namespace}`);
  return ` (${others.length} of them not the product's: ${each.join(", ")})`;
}

/** Asks for the eviction of a pod. False where a disruption budget does not allow it yet. */
async function evicted({ kube }: World, { metadata: { name, namespace } }: Pod): Promise<boolean> {
  const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } };
  try {
    await kube.create(`/api/v1/namespaces/${namespace}/pods/${name}/eviction`, eviction);
  } catch (error) {
    if (!(error instanceof Refused) || (error.status !== 429 && error.status !== 404)) throw error;
    return error.status === 404;
  }
  return true;
}

/** Deployments and StatefulSets of the product. */
async function workloadsOf({ kube, namespaces }: World): Promise<Deployment[]> {
  const all: Deployment[] = [];
  for (const namespace of [namespaces.app, namespaces.data])
    for (const kind of ["deployments", "statefulsets"])
      all.push(...(await kube.list<Deployment>(`${apps(namespace)}/${kind}`, ours)));
  return all;
}

const missing = ({ spec, status }: Deployment) => Math.max(0, (spec.replicas ?? 1) - (status?.readyReplicas ?? 0));

/** Names of those without all their pods. */
const unready = async (world: World): Promise<string[]> =>
  (await workloadsOf(world))
    .filter((one) => missing(one) > 0)
    .map(({ metadata: { namespace, name } }) => `${namespace}/${name}`);

/** Pods of the workload that has most. */
const mostOfOne = (pods: readonly Pod[]) =>
  Math.max(1, ...counted(pods.map((pod) => controllerOf(pod)?.uid ?? pod.metadata.name)).values());

/** Cordons nodes, or uncordons them. A node may be gone by then: the autoscaler removes an empty one. */
async function cordon({ kube }: World, nodes: readonly string[], cordoned: boolean): Promise<void> {
  for (const name of nodes)
    try {
      await kube.patch(nodePath(name), "merge", { spec: { unschedulable: cordoned || null } });
    } catch (error) {
      if (cordoned || !(error instanceof Refused) || error.status !== 404) throw error;
    }
}

/** What a drain of nodes has to do. */
interface Task {
  nodes: readonly string[];
  /** Whether a pod of the application is on another node, so that it serves all the time. */
  serves: boolean;
  limitSeconds: number;
}

/** Evicts the pods of nodes, and watches the product meanwhile. */
async function exercise(world: World, { nodes, serves: expected, limitSeconds }: Task): Promise<Outcome> {
  const { kube, namespaces } = world;
  const asked = new Set<string>();
  let held = 0;
  const serves = async () => {
    const { status } = await kube.get<Deployment>(`${apps(namespaces.app)}/deployments/app`);
    return (status?.readyReplicas ?? 0) > 0;
  };
  const evictAll = async () => {
    const left = await movable(world, nodes);
    for (const pod of left.filter(({ metadata }) => !asked.has(keyOf(metadata))))
      if (await evicted(world, pod)) asked.add(keyOf(pod.metadata));
      else held++;
    return left.length === 0;
  };
  const done = async () => (await evictAll()) && (await unready(world)).length === 0;
  await cordon(world, nodes, true);
  // Again: one may have come while the question was open. From now on, none comes.
  expectControllers(await movable(world, nodes));
  const seen = await outage({ serves, done }, limitSeconds, world.clock);
  const left = seen.ended ? [] : await unready(world);
  return {
    rtoSeconds: seen.watched,
    rpoSeconds: undefined,
    seen: [
      `${count(asked.size, "pod")} moved${held === 0 ? "" : "; disruption budgets held some back for a time"}.`,
      seen.seconds === 0
        ? "A pod of the application was ready all the time."
        : `For ${spelled(seen.seconds)}, no pod of the application was ready.`,
    ],
    wrong: [
      ...(seen.ended
        ? []
        : [
            `after ${spelled(seen.watched)} pods are not ready, or still on the nodes: ${left.join(", ") || nodes.join(", ")}`,
          ]),
      ...(expected && seen.seconds > 0 ? ["no pod of the application was ready for a time"] : []),
    ],
  };
}

/** Throws a Failure where the product is not well, or no other node would take its pods. */
async function expectRoom(world: World, names: readonly string[]): Promise<void> {
  const rest = (await nodesOf(world)).filter(({ metadata }) => !names.includes(metadata.name));
  if (rest.length === 0)
    throw new Failure({
      where: "nodes",
      given: `none but ${names.join(", ")} takes pods`,
      allowed: "at least one more: a drill must not be an outage",
      fix: "on a product of one node, practise npm run drill -- restore: a lost node is replaced on the same volume",
    });
  const unwell = await unready(world);
  if (unwell.length > 0)
    throw new Failure({
      where: "the product",
      given: `not all pods of ${unwell.join(", ")} are ready`,
      allowed: "all: a drill starts from a healthy product",
      fix: commandIn(world, "status"),
    });
}

/** Prepares the drain of nodes, which take pods again afterwards. @throws Failure where it would be an outage */
export async function drain(world: World, nodes: readonly string[]): Promise<Prepared> {
  await expectRoom(world, nodes);
  const pods = await movable(world, nodes);
  expectControllers(pods);
  const { name } = application(world);
  const all = await world.kube.list<Pod>(`/api/v1/namespaces/${world.namespaces.app}/pods`, podsNamed(name));
  const serves = all.some(({ spec }) => spec.nodeName !== undefined && !nodes.includes(spec.nodeName));
  const graceSeconds = Math.max(0, ...pods.map(({ spec }) => spec.terminationGracePeriodSeconds ?? 30));
  const prediction = drainPrediction({ mostOfOne: mostOfOne(pods), graceSeconds, serves });
  const task = { nodes, serves, limitSeconds: 2 * prediction.rtoSeconds };
  const what = `${nodes.join(", ")} of ${count(pods.length, "pod")}${othersOf(world, pods)}`;
  return {
    prediction,
    what: `drain ${what}`,
    question: `Drain ${what}? Then callers see: ${prediction.callers}.`,
    does: () =>
      always(
        () => exercise(world, task),
        () => cordon(world, nodes, false),
      ),
  };
}

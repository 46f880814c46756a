import { ours } from "../kube/kube";
import type { Condition, CronJob, Deployment, Job, Node, Pod } from "../kube/objects";
import { minimumBefore, raised, rangesOf } from "../kube/scaling";
import { apps } from "../kube/workloads";
import type { World } from "../world";
import { type Finding, msOf, page } from "./finding";

const conditionOf = (conditions: Condition[] | undefined, type: string) => conditions?.find((one) => one.type === type);

/** Name of a Deployment of the application or its workers, as commands take it. */
const targetOf = (deployment: string) => deployment.replace(/^worker-/, "");

/** Deployments and StatefulSets without all their pods. */
function unready(kind: string, { metadata, spec, status }: Deployment, { app }: World["namespaces"]): Finding[] {
  const wanted = spec.replicas ?? 1;
  const ready = status?.readyReplicas ?? 0;
  const stalled = conditionOf(status?.conditions, "Progressing");
  const stuck = stalled?.status === "False";
  if (ready >= wanted && !stuck) return [];
  const available = conditionOf(status?.conditions, "Available");
  const since = stuck ? stalled : available?.status === "False" ? available : undefined;
  const { namespace, name } = metadata;
  // PgBouncer and the stores have no image of a release to go back to.
  const rollsBack = stuck && namespace === app;
  return [
    {
      what: `${kind} ${namespace}/${name}: ${ready} of ${wanted} pods are ready${stuck ? ", and its rollout is stuck" : ""}`,
      sinceMs: msOf(since?.lastTransitionTime),
      help: rollsBack ? { ops: `rollback ${targetOf(name)}` } : `kubectl -n ${namespace} describe pod`,
    },
  ];
}

/** Why a container is not up, or was not; undefined for one that is well. */
function troubleOf(pod: Pod): { reason: string; sinceMs: number | undefined } | undefined {
  for (const { name, restartCount, state, lastState } of pod.status?.containerStatuses ?? []) {
    const waits = state?.waiting?.reason;
    const ended = lastState?.terminated;
    if (waits !== undefined && waits !== "ContainerCreating" && waits !== "PodInitializing")
      return { reason: `${name} ${waits}, ${restartCount} restarts`, sinceMs: msOf(ended?.finishedAt) };
    if (ended?.reason === "OOMKilled")
      return { reason: `${name} ran out of memory, ${restartCount} restarts`, sinceMs: msOf(ended.finishedAt) };
  }
  const scheduled = conditionOf(pod.status?.conditions, "PodScheduled");
  if (scheduled?.status === "False")
    return {
      reason: `no node has room (${scheduled.message ?? scheduled.reason})`,
      sinceMs: msOf(scheduled.lastTransitionTime),
    };
  return undefined;
}

function troubled(pod: Pod): Finding[] {
  const trouble = troubleOf(pod);
  if (!trouble) return [];
  const { name, namespace } = pod.metadata;
  return [
    {
      what: `pod ${namespace}/${name}: ${trouble.reason}`,
      sinceMs: trouble.sinceMs,
      help: `kubectl -n ${namespace} describe pod ${name}`,
    },
  ];
}

function failedJob({ metadata, status }: Job): Finding[] {
  const failed = conditionOf(status?.conditions, "Failed");
  if (failed?.status !== "True") return [];
  const { name, namespace } = metadata;
  return [
    {
      what: `job ${namespace}/${name} failed (${failed.reason})`,
      sinceMs: msOf(failed.lastTransitionTime),
      help: `kubectl -n ${namespace} logs job/${name}`,
    },
  ];
}

function suspended({ metadata, spec }: CronJob): Finding[] {
  const { name, namespace } = metadata;
  if (!spec.suspend) return [];
  return [
    {
      what: `schedule ${namespace}/${name} is suspended`,
      help: `kubectl -n ${namespace} patch cronjob ${name} -p '{"spec":{"suspend":false}}'`,
    },
  ];
}

/** Conditions of a node in which pods are evicted. */
const pressures = ["MemoryPressure", "DiskPressure", "PIDPressure"];

/** A node that somebody has closed to new pods, and may have forgotten: `kubectl drain`, or a drill that was killed. */
const cordoned = ({ metadata: { name }, spec }: Node): Finding[] =>
  spec?.unschedulable ? [{ what: `node ${name} is cordoned: it takes no pods`, help: `kubectl uncordon ${name}` }] : [];

function unwellNode({ metadata: { name }, status }: Node): Finding[] {
  const bad = status?.conditions?.find(
    ({ type, status: is }) => (type === "Ready" && is !== "True") || (pressures.includes(type) && is === "True"),
  );
  if (!bad) return [];
  const what = bad.type === "Ready" ? "is not ready" : `has ${bad.type}`;
  return [
    { what: `node ${name} ${what}`, sinceMs: msOf(bad.lastTransitionTime), help: `kubectl describe node ${name}` },
  ];
}

/** What ends a minimum may need an image, and tries several times, in milliseconds. */
const endsWithinMs = 5 * 60_000;

/** Autoscalers at their maximum, and raised minimums. */
async function scaling(world: World, nowMs: number): Promise<Finding[]> {
  return (await rangesOf(world)).flatMap((range): Finding[] => {
    const { deployment, most, replicas, annotations } = range;
    const before = minimumBefore(range);
    const until = msOf(annotations[raised.until]);
    const due = until !== undefined && until + endsWithinMs <= nowMs;
    return [
      ...(replicas !== undefined && replicas >= most && most > 1
        ? [{ what: `${deployment} runs ${replicas} pods, its maximum`, help: page("overload") }]
        : []),
      ...(before === undefined
        ? []
        : [
            {
              what: `the minimum of ${deployment} is raised from ${before} to ${range.least}${due ? ", and its end is overdue" : ""}`,
              ...(due && { sinceMs: until }),
              help: { ops: `scale ${targetOf(deployment)} off` },
            },
          ]),
    ];
  });
}

/** What the API server says that is not well. */
export async function clusterFindings(world: World, nowMs: number): Promise<Finding[]> {
  const { kube, namespaces } = world;
  const findings: Finding[] = (await kube.list<Node>("/api/v1/nodes")).flatMap((node) => [
    ...unwellNode(node),
    ...cordoned(node),
  ]);
  for (const namespace of [namespaces.app, namespaces.data]) {
    const batch = `/apis/batch/v1/namespaces/${namespace}`;
    const all = <T>(path: string) => kube.list<T>(path, ours);
    findings.push(
      ...(await all<Deployment>(`${apps(namespace)}/deployments`)).flatMap((one) =>
        unready("deployment", one, namespaces),
      ),
      ...(await all<Deployment>(`${apps(namespace)}/statefulsets`)).flatMap((one) => unready("store", one, namespaces)),
      ...(await all<Pod>(`/api/v1/namespaces/${namespace}/pods`)).flatMap(troubled),
      ...(await all<Job>(`${batch}/jobs`)).flatMap(failedJob),
      ...(await all<CronJob>(`${batch}/cronjobs`)).flatMap(suspended),
    );
  }
  return [...findings, ...(await scaling(world, nowMs))];
}

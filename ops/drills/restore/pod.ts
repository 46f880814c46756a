/** The pod in which a backup is restored beside the server. */
import { setTimeout as sleep } from "node:timers/promises";
import { restoreName, restorePod } from "../../../components/postgres/restore/restore-pod";
import { Failure } from "../../failure";
import { isReady, type Pod } from "../../kube/objects";
import type { Workload } from "../../reach/reach";
import type { World } from "../../world";
import { always } from "../always";

/** Seconds until a pod has to be there: its image is on the node. */
const readySeconds = 180;

const pods = ({ namespaces }: World) => `/api/v1/namespaces/${namespaces.data}/pods`;

const restoreWorkload = ({ namespaces }: Pick<World, "namespaces">): Workload => ({
  namespace: namespaces.data,
  name: restoreName,
  container: restoreName,
});

/** Throws a Failure where there is such a pod already: somebody may be restoring. */
export async function expectNoPod(world: World): Promise<void> {
  if (!(await world.kube.exists(`${pods(world)}/${restoreName}`))) return;
  const { data } = world.namespaces;
  throw new Failure({
    where: `pod ${data}/${restoreName}`,
    given: "one that is there",
    allowed: "none: a restore may be under way in it",
    fix: `kubectl -n ${data} delete pod ${restoreName}, if nobody needs it`,
  });
}

async function untilReady({ kube, ...world }: World, path: string): Promise<void> {
  let why = "it does not start";
  for (let left = readySeconds; left > 0; left--) {
    const pod = await kube.get<Pod>(path);
    if (isReady(pod)) return;
    const scheduled = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
    if (scheduled?.status === "False") why = `no node has room (${scheduled.message ?? scheduled.reason})`;
    await sleep(1000);
  }
  throw new Failure(`pod ${world.namespaces.data}/${restoreName}: ${why}`);
}

/** Works with a pod in which a backup is restored, and deletes it afterwards, whatever happens. */
export async function withRestorePod<T>(world: World, work: (pod: Workload) => Promise<T>): Promise<T> {
  const path = `${pods(world)}/${restoreName}`;
  const creating = world.kube.create(pods(world), restorePod(world.namespaces.data));
  return always(
    async () => {
      await creating;
      await untilReady(world, path);
      return work(restoreWorkload(world));
    },
    // A pod that could not be created is another's.
    () =>
      creating.then(
        () => world.kube.remove(path),
        () => undefined,
      ),
  );
}

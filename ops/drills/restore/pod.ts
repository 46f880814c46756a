/** A pod beside the stack's, in which a backup is restored or compared. */
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../../failure";
import { isReady, type Pod } from "../../kube/objects";
import type { Workload } from "../../reach/reach";
import type { World } from "../../world";
import { always, unlessEnding } from "../always";

/** Seconds until a pod has to be there. */
const readySeconds = 180;

const pods = ({ namespaces }: World) => `/api/v1/namespaces/${namespaces.data}/pods`;
const policies = ({ namespaces }: World) => `/apis/networking.k8s.io/v1/namespaces/${namespaces.data}/networkpolicies`;

/** A pod whose one container has its name, and the policy that lets it connect. @default it connects to nothing */
interface Beside {
  pod: { metadata: { name: string } };
  policy?: { metadata: { name: string } };
}

/** Throws a Failure where there is such a pod already: somebody may be restoring. */
export async function expectNoPod(world: World, name: string): Promise<void> {
  if (!(await world.kube.exists(`${pods(world)}/${name}`))) return;
  const { data } = world.namespaces;
  throw new Failure({
    where: `pod ${data}/${name}`,
    given: "one that is there",
    allowed: "none: a restore may be under way in it",
    fix: `kubectl -n ${data} delete pod ${name}, if nobody needs it`,
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
  throw new Failure(`pod ${world.namespaces.data}/${path.slice(path.lastIndexOf("/") + 1)}: ${why}`);
}

/** Works with a pod, and deletes it with its policy afterwards, whatever happens. */
export async function withPod<T>(
  world: World,
  { pod, policy }: Beside,
  work: (pod: Workload) => Promise<T>,
): Promise<T> {
  const { kube, namespaces } = world;
  const { name } = pod.metadata;
  const path = `${pods(world)}/${name}`;
  const policyPath = policy && `${policies(world)}/${policy.metadata.name}`;
  await unlessEnding();
  const creating = kube.create(pods(world), pod);
  // A pod that is there already is another's, and so is its policy.
  const allowing = creating.then(() => policyPath && kube.apply(policyPath, policy));
  const removePod = async () => {
    await allowing.catch(() => undefined);
    if (policyPath) await kube.remove(policyPath);
    await kube.remove(path);
  };
  return always(
    async () => {
      await allowing;
      await untilReady(world, path);
      return work({ namespace: namespaces.data, name, container: name });
    },
    // A pod that could not be created is another's.
    () => creating.then(removePod, () => undefined),
  );
}

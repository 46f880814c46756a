import { SettingsError } from "../../config/problems";
import type { QueueReference } from "../../contract/operate";
import { unknownWord } from "../command";
import type { World } from "../world";
import { ours } from "./kube";
import type { Deployment } from "./objects";

/** Path of a namespace's objects of the API group `apps`. */
export const apps = (namespace: string) => `/apis/apps/v1/namespaces/${namespace}`;

/** Returns the Deployments of workers, each with its queue as its pods are given it. */
async function workersOf({ kube, namespaces }: World): Promise<{ deployment: string; queue: QueueReference }[]> {
  const deployments = await kube.list<Deployment>(`${apps(namespaces.app)}/deployments`, ours);
  const found = deployments.flatMap(({ metadata, spec }) =>
    spec.template.spec.containers.flatMap(({ env = [] }) => {
      const of = (name: string) => env.find((one) => one.name === name)?.value;
      const [name, list] = [of("WORKER_QUEUE"), of("WORKER_LIST")];
      return name !== undefined && list !== undefined ? [{ deployment: metadata.name, queue: { name, list } }] : [];
    }),
  );
  return found.sort((a, b) => (a.queue.name < b.queue.name ? -1 : 1));
}

/** Returns the queues, by name. */
export const queuesOf = async (world: World): Promise<QueueReference[]> =>
  (await workersOf(world)).map(({ queue }) => queue);

/** Name of the Deployment of a target, as users write it: `app`, `pgbouncer` or a queue. */
interface Target {
  name: string;
  namespace: string;
  deployment: string;
}

/** Returns the Deployments by the names that users give: the application, PgBouncer, and each queue for its workers. */
async function targetsOf(world: World): Promise<Target[]> {
  const { app, data } = world.namespaces;
  const workers = (await workersOf(world)).map(({ queue, deployment }) => ({
    name: queue.name,
    namespace: app,
    deployment,
  }));
  return [
    { name: "app", namespace: app, deployment: "app" },
    { name: "pgbouncer", namespace: data, deployment: "pgbouncer" },
    ...workers,
  ];
}

/** The target with a name, of those that a command takes. @throws SettingsError with the one that is meant */
export async function targetNamed(
  world: World,
  name: string,
  takes: (target: Target) => boolean = () => true,
): Promise<Target> {
  const targets = (await targetsOf(world)).filter(takes);
  const found = targets.find((one) => one.name === name);
  if (found) return found;
  throw new SettingsError([
    unknownWord(
      name,
      targets.map((one) => one.name),
    ),
  ]);
}

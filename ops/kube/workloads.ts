import { SettingsError } from "../../config/problems";
import type { QueueReference } from "../../contract/operate";
import { unknownWord } from "../command";
import type { World } from "../world";
import { ours } from "./kube";
import type { Deployment } from "./objects";

/** Path of a namespace's objects of the API group `apps`. */
export const apps = (namespace: string) => `/apis/apps/v1/namespaces/${namespace}`;

/** Returns the Deployments of the application and its workers. */
const deployments = ({ kube, namespaces }: Pick<World, "kube" | "namespaces">): Promise<Deployment[]> =>
  kube.list<Deployment>(`${apps(namespaces.app)}/deployments`, ours);

/** Returns the queues, as the pods of their workers are given them. */
export async function queuesOf(world: Pick<World, "kube" | "namespaces">): Promise<QueueReference[]> {
  const found = (await deployments(world)).flatMap(({ spec }) =>
    spec.template.spec.containers.flatMap(({ env = [] }) => {
      const of = (name: string) => env.find((one) => one.name === name)?.value;
      const [name, list] = [of("WORKER_QUEUE"), of("WORKER_LIST")];
      return name !== undefined && list !== undefined ? [{ name, list }] : [];
    }),
  );
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Name of the Deployment of a target, as users write it: `app`, `pgbouncer` or a queue. */
interface Target {
  name: string;
  namespace: string;
  deployment: string;
}

/** Returns the Deployments by the names that users give: the application, PgBouncer, and each queue for its workers. */
async function targetsOf(world: Pick<World, "kube" | "namespaces">): Promise<Target[]> {
  const { app, data } = world.namespaces;
  const pools = (await deployments(world)).flatMap(({ metadata, spec }) => {
    const env = spec.template.spec.containers.flatMap((container) => container.env ?? []);
    const queue = env.find(({ name }) => name === "WORKER_QUEUE")?.value;
    return queue === undefined ? [] : [{ name: queue, namespace: app, deployment: metadata.name }];
  });
  return [
    { name: "app", namespace: app, deployment: "app" },
    { name: "pgbouncer", namespace: data, deployment: "pgbouncer" },
    ...pools,
  ];
}

/** The target with a name, of those that a command takes. @throws SettingsError with the one that is meant */
export async function targetNamed(
  world: Pick<World, "kube" | "namespaces">,
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

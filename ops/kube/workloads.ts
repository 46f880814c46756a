import type { QueueReference } from "../../contract/operate";
import type { World } from "../world";
import { ours } from "./kube";
import type { Deployment } from "./objects";

/** Path of a namespace's objects of the API group `apps`. */
const apps = (namespace: string) => `/apis/apps/v1/namespaces/${namespace}`;

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

import type { Backups } from "./account/backups";
import type { Databases } from "./account/databases";
import type { ManagedStores } from "./account/managed-stores";
import type { Clock } from "./clock";
import type { Kube } from "./kube/kube";
import type { Reach, Workload } from "./reach/reach";

/** What a stack's file says, where the command line names the stack. */
export interface StackFacts {
  name: string;
  /** The setting `maintenance`: the edge or the gateway answers for the product. */
  maintenance: boolean;
  /** Second region, with the copies of the backups. @default none */
  backupRegion?: string | undefined;
}

/** The deployed product. */
export interface World {
  kube: Kube;
  reach: Reach;
  /** The account of AWS, with the user's own rights. */
  account: { backups: Backups; stores: ManagedStores; databases: Databases };
  /** The context of the kubeconfig. */
  cluster: string;
  /** The flags that name the product, as the command line had them: ` -s growth`. Empty without any. */
  flags: string;
  namespaces: { app: string; data: string };
  stack: StackFacts | undefined;
  /** @default the machine's */
  clock?: Clock;
  /** An output of the stack; undefined where there is none of that name. Absent where the command line names no stack. */
  output?: ((name: string) => Promise<string | undefined>) | undefined;
}

/** Where a command acts, as answers and questions name it. */
export const placeOf = ({ stack, cluster }: Pick<World, "stack" | "cluster">): string =>
  stack === undefined ? `cluster ${cluster}` : `stack ${stack.name}, cluster ${cluster}`;

/** A command for the same product, as the user types it: `commandIn(world, "queues resume mail")`. */
export const commandIn = ({ flags }: Pick<World, "flags">, words: string): string => `npm run ops -- ${words}${flags}`;

/** A drill of the same product, as the user types it: `drillIn(world, "restore")`. */
export const drillIn = ({ flags }: Pick<World, "flags">, words: string): string => `npm run drill -- ${words}${flags}`;

/** The pods that have the credentials of the stores. */
export const application = ({ namespaces }: Pick<World, "namespaces">): Workload => ({
  namespace: namespaces.app,
  name: "app",
  container: "app",
});

/** The pods of PgBouncer, with the container that serves its metrics. */
export const pooler = ({ namespaces }: Pick<World, "namespaces">): Workload => ({
  namespace: namespaces.data,
  name: "pgbouncer",
  container: "exporter",
});

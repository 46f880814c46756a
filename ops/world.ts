import type { Backups } from "./account/backups";
import type { Kube } from "./kube/kube";
import type { Reach, Workload } from "./reach/reach";

/** What a stack's file says, where the command line names the stack. */
export interface StackFacts {
  name: string;
  /** The setting `maintenance`: the edge or the gateway answers for the product. */
  maintenance: boolean;
}

/** The deployed product. */
export interface World {
  kube: Kube;
  reach: Reach;
  /** The account of AWS, with the user's own rights. */
  account: { backups: Backups };
  /** The context of kubectl's configuration, or the stack whose kubeconfig it is. */
  cluster: string;
  namespaces: { app: string; data: string };
  stack: StackFacts | undefined;
}

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

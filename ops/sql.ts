/** SQL in the pod of a server, as its superuser. */
import { workloads } from "../components/postgres/common/network-policies";
import { identifiers } from "../components/postgres/common/settings";
import { Failure } from "./failure";
import type { Reach, Workload } from "./reach/reach";
import type { World } from "./world";

/** A server, and the arguments with which psql finds it. */
export interface Server {
  workload: Workload;
  psql: readonly string[];
}

/** The running server in the cluster. */
export const serverOf = ({ namespaces }: Pick<World, "namespaces">): Server => ({
  workload: { namespace: namespaces.data, name: workloads.server, container: workloads.server },
  psql: [],
});

/** Runs SQL in the pod of a server, as its superuser on its own socket. Returns the lines. @throws Failure with its error */
export async function ask(reach: Reach, { workload, psql }: Server, sql: string): Promise<string[]> {
  const { superuser, database } = identifiers;
  const program = `sql=$1; shift; printf '%s' "$sql" | psql -XAtq -v ON_ERROR_STOP=1 -U ${superuser} -d ${database} "$@"`;
  const { code, stdout, stderr } = await reach.run(workload, ["sh", "-c", program, "sh", sql, ...psql]);
  if (code === 0) return stdout.split("\n").filter((line) => line !== "");
  const reason = stderr.trim().split("\n")[0] || `exit code ${code}`;
  throw new Failure(`${workload.namespace}/${workload.name}: psql failed: ${reason}`);
}

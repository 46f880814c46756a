import { count, type Screen, table } from "../../planner/views/text";
import type { Command } from "../command";
import { expectNone, surplus } from "../command";
import { Failure } from "../failure";
import { apps } from "../kube/workloads";
import type { Workload } from "../reach/reach";
import { authority, dayMs, type Found, isDue, noticeDays, read } from "../status/certificates";
import type { World } from "../world";

/** Servers in the cluster with a certificate of the internal authority, and the file that each serves it from. */
const servers = ({ app, data }: World["namespaces"]): (Workload & { file: string; optional?: boolean })[] => [
  { namespace: app, name: "app", container: "gateway", file: "/etc/tierstack/tls/tls.crt" },
  { namespace: data, name: "pgbouncer", container: "pgbouncer", file: "/etc/pgbouncer/tls.crt" },
  { namespace: data, name: "postgres", container: "postgres", file: "/etc/postgresql-tls/tls.crt", optional: true },
  { namespace: data, name: "redis", container: "valkey", file: "/etc/valkey/secret/tls.crt", optional: true },
];

/** What a server in a pod has. */
async function served(world: World, server: Workload & { file: string }): Promise<Found> {
  const name = `${server.namespace}/${server.name}`;
  try {
    const { code, stdout, stderr } = await world.reach.run(server, ["cat", server.file]);
    return code === 0 ? read(name, stdout) : { name, problem: stderr.trim().split("\n")[0] ?? "" };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { name, problem: error.brief };
  }
}

async function found(world: World): Promise<Found[]> {
  const own = await authority(world);
  const all: Found[] = own ? [own] : [];
  for (const server of servers(world.namespaces)) {
    const path = `${apps(server.namespace)}/statefulsets/${server.name}`;
    if (server.optional && !(await world.kube.exists(path))) continue;
    all.push(await served(world, server));
  }
  return all;
}

function lines(all: readonly Found[], nowMs: number, screen: Screen): string[] {
  const rows = all.map((one) => {
    const { name, endsMs, problem } = one;
    if (endsMs === undefined) return [name, "not read", screen.paint("red", problem ?? "")];
    const days = Math.floor((endsMs - nowMs) / dayMs);
    const left = days < 0 ? `expired ${count(-days, "day")} ago` : `${count(days, "day")} left`;
    return [name, new Date(endsMs).toISOString().slice(0, 10), isDue(one, nowMs) ? screen.paint("red", left) : left];
  });
  return table(["certificate", "expires", "note"], rows, screen);
}

export const certificates: Command = {
  name: "certificates",
  summary: "when the certificates inside the cluster expire",
  usage: ["certificates"],
  about: [
    `Shows when the internal authority's certificate expires, and those that the gateway, PgBouncer and the stores in the cluster load. Exit code 1 if one ` +
      `expires within ${noticeDays} days or cannot be read. pulumi up renews them in time (docs/rotating-secrets.md). Certificates of the edge and of RDS are AWS's own.`,
  ],
  options: [],
  examples: [["certificates", "all of them"]],
  flags: [],
  switches: [],
  changes: false,
  read: (given) => {
    expectNone(surplus(given, 0));
    return async ({ world, say, screen }) => {
      const all = await found(world);
      const now = Date.now();
      say(...lines(all, now, screen));
      return all.some((one) => isDue(one, now)) ? 1 : 0;
    };
  },
};

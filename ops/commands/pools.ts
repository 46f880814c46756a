import { parseMetrics } from "../../planner/load/prometheus";
import { count, table } from "../../planner/views/text";
import type { Command, Shown } from "../command";
import { expectNone, surplus } from "../command";
import { spelled } from "../duration";
import { Failure } from "../failure";
import type { Read } from "../reach/reach";
import { page } from "../status/finding";
import { commandIn, pooler } from "../world";

/** Port of PgBouncer's exporter in its pod. */
const metricsPort = 9127;

/** A pool of a pod, in connections. */
export interface Pool {
  pod: string;
  database: string;
  user: string;
  /** Clients that have a server connection, and those that wait for one. */
  active: number;
  waiting: number;
  /** Seconds that the first of them has waited. */
  waited: number;
  servers: { active: number; idle: number; most: number | undefined };
  paused: boolean;
}

/** A label's value. */
const labelOf = (labels: string, name: string) => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? "";

/** PgBouncer's console itself, which its exporter asks. */
const console = "pgbouncer";

/** Returns the pools of a pod from what its exporter serves. */
export function poolsOf({ pod, text }: Read): Pool[] {
  const scrape = parseMetrics(text);
  const series = (name: string) => scrape.get(`pgbouncer_${name}`) ?? [];
  if (series("up")[0]?.value !== 1)
    throw new Failure({
      where: `pod ${pod}`,
      given: "an exporter that cannot ask PgBouncer",
      allowed: "pgbouncer_up 1",
      fix: "npm run ops -- restart pgbouncer, one pod at a time",
    });
  const value = (name: string, database: string, user: string) =>
    series(`pools_${name}`).find(
      ({ labels }) => labelOf(labels, "database") === database && labelOf(labels, "user") === user,
    )?.value ?? 0;
  const ofDatabase = (name: string, database: string) =>
    series(`databases_${name}`).find(({ labels }) => labelOf(labels, "name") === database)?.value;
  return series("pools_client_active_connections")
    .map(({ labels }) => ({ database: labelOf(labels, "database"), user: labelOf(labels, "user") }))
    .filter(({ database }) => database !== console)
    .map(({ database, user }) => {
      const of = (name: string) => value(name, database, user);
      return {
        pod,
        database,
        user,
        active: of("client_active_connections"),
        waiting: of("client_waiting_connections"),
        waited: of("client_maxwait_seconds"),
        servers: {
          active: of("server_active_connections"),
          idle: of("server_idle_connections") + of("server_used_connections"),
          most: ofDatabase("max_connections", database),
        },
        paused: ofDatabase("paused", database) === 1,
      };
    });
}

/** Lines that show the pools of every pod. */
function poolLines(pools: readonly Pool[], { world, screen }: Shown): string[] {
  const rows = pools.map(({ pod, database, user, active, waiting, waited, servers, paused }) => [
    pod,
    `${database} ${user}`,
    paused ? "paused" : String(active),
    waiting > 0 ? screen.paint("red", String(waiting)) : "0",
    waiting > 0 ? spelled(waited) : "",
    `${servers.active} busy, ${servers.idle} idle`,
    servers.most === undefined ? "" : String(servers.most),
  ]);
  const waiting = pools.reduce((sum, pool) => sum + pool.waiting, 0);
  return [
    ...table(["pod", "pool", "clients", "waiting", "longest", "servers", "maximum"], rows, screen),
    "",
    waiting === 0
      ? "No client waits for a connection."
      : `${count(waiting, "client")} ${waiting === 1 ? "waits" : "wait"} for a connection: ${commandIn(world, "connections")} says who ` +
        `holds them (${page("connections-exhausted")}).`,
  ];
}

export const pools: Command = {
  name: "pools",
  summary: "PgBouncer's pools: clients, those that wait, server connections",
  usage: ["pools"],
  about: [
    "Shows the pools of every PgBouncer: clients that have a server connection, clients that wait for one and for how long, " +
      "and the server connections, with the most that the pod may open. It reads the metrics of each pod's exporter.",
  ],
  options: [],
  examples: [["pools", "every pod"]],
  flags: [],
  switches: [],
  changes: false,
  read: (given) => {
    expectNone(surplus(given, 0));
    return async (context) => {
      const { world, say } = context;
      const read = await world.reach.read(pooler(world), metricsPort, "/metrics");
      say(...poolLines(read.flatMap(poolsOf), context));
      return 0;
    };
  },
};

import { type Case, type Series, stays } from "./case";

const pgbouncer = (metric: string, more = "") => `${metric}{job="pgbouncer",namespace="data",pod="pgbouncer-1"${more}}`;
const pod = { namespace: "data", pod: "pgbouncer-1" };
const database = { ...pod, database: "app" };

const up = pgbouncer("pgbouncer_up");
const wait = pgbouncer("pgbouncer_pools_client_maxwait_seconds", ',database="app",user="app"');
const pool = (active: number): Series => ({
  [pgbouncer("pgbouncer_pools_server_active_connections", ',database="app",user="app"')]: stays(active),
  [pgbouncer("pgbouncer_databases_pool_size", ',database="app",name="app",force_user=""')]: stays(20),
  // Its console is no pool.
  [pgbouncer("pgbouncer_pools_server_active_connections", ',database="pgbouncer",user="pgbouncer"')]: stays(2),
  [pgbouncer("pgbouncer_databases_pool_size", ',database="pgbouncer",name="pgbouncer",force_user="pgbouncer"')]:
    stays(2),
});
const clients = (used: number): Series => ({
  [pgbouncer("pgbouncer_used_clients")]: stays(used),
  [pgbouncer("pgbouncer_config_max_client_connections")]: stays(1000),
});
const waiting = 'database_pool_connections{job="app",namespace="app",pod="app-1",pool="primary",state="waiting"}';

export const poolerCases: Record<string, Case> = {
  PgBouncerDown: {
    fires: { [up]: stays(0) },
    labels: { namespace: "data" },
    summary: "No PgBouncer answers: the product has no database",
    // One of two is away.
    silent: [{ [up.replace("pgbouncer-1", "pgbouncer-2")]: stays(1) }],
  },
  PgBouncerClientsWait: {
    fires: { [wait]: stays(2) },
    labels: database,
    summary: "Clients wait 2 s for a connection to app of pgbouncer-1 (limit 1 s)",
    // A pause of a handover: a minute.
    silent: [{ [wait]: stays(1) }, { [wait]: "0+0x58 9 0+0x90" }],
  },
  PgBouncerPoolExhausted: {
    fires: pool(20),
    labels: database,
    summary: "100.0 % of the pool app of pgbouncer-1 are in use",
    silent: [pool(19)],
  },
  PgBouncerPoolHigh: {
    fires: pool(17),
    labels: database,
    summary: "85.0 % of the pool app of pgbouncer-1 are in use (limit 80 %)",
    silent: [pool(16)],
  },
  PgBouncerClientsExhausted: {
    fires: clients(901),
    labels: pod,
    summary: "90.1 % of the clients that pgbouncer-1 takes are connected (limit 90 %)",
    silent: [clients(900)],
  },
  PgBouncerClientsHigh: {
    fires: clients(801),
    labels: pod,
    summary: "80.1 % of the clients that pgbouncer-1 takes are connected (limit 80 %)",
    silent: [clients(800)],
  },
  PoolOfTheProcessWaits: {
    fires: { [waiting]: stays(3) },
    labels: { namespace: "app", pod: "app-1", pool: "primary" },
    summary: "3 callers in app-1 wait for a connection of its pool primary",
    silent: [{ [waiting]: stays(0) }, { [waiting]: "3 3 3 0 3 3 3 0 3 3 3 0 3 3 3 0x60" }],
  },
};

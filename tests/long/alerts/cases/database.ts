import { type Case, grows, type Series, stays } from "./case";

const instance = "postgres.data:5432/app";
const postgres = (metric: string, more = "") => `${metric}{job="postgres",instance="${instance}"${more}}`;
const labels = { instance };

const connections = (app: number): Series => ({
  [postgres("pg_stat_database_numbackends", ',datname="app"')]: stays(app),
  [postgres("pg_stat_database_numbackends", ',datname="postgres"')]: stays(1),
  [postgres("pg_settings_max_connections", ',server="s"')]: stays(100),
});
const transaction = (application: string, state = "active") =>
  postgres(
    "pg_stat_activity_max_tx_duration",
    `,datname="app",usename="app",state="${state}",backend_type="client backend",application_name="${application}"`,
  );
const deadlocks = postgres("pg_stat_database_deadlocks", ',datname="app"');
const retained = postgres("pg_replication_slots_pg_wal_lsn_diff", ',slot_name="handover"');
const failed = postgres("pg_stat_archiver_failed_count", ',server="s"');
const archiveAge = postgres("pg_stat_archiver_last_archive_age", ',server="s"');
const written = (rows: string): Series =>
  Object.fromEntries(
    ["inserted", "updated", "deleted"].map((what) => [
      postgres(`pg_stat_database_tup_${what}`, ',datname="app"'),
      what === "updated" ? rows : stays(7),
    ]),
  );
const lag = postgres("pg_replication_lag_seconds");
const isReplica = postgres("pg_replication_is_replica");
const gibibyte = 2 ** 30;

const within = (tenth: number, all: number): Series => ({
  'database_transaction_duration_seconds_count{job="app",namespace="app",pod="app-1",pool="primary"}': grows(all),
  'database_transaction_duration_seconds_bucket{job="app",namespace="app",pod="app-1",pool="primary",le="0.1"}':
    grows(tenth),
});
const pool = { namespace: "app", pool: "primary" };

export const databaseCases: Record<string, Case> = {
  PostgresDown: {
    fires: { [postgres("pg_up")]: stays(0) },
    labels,
    summary: `Postgres ${instance} does not answer`,
    // Up; and a restart within a minute.
    silent: [{ [postgres("pg_up")]: stays(1) }, { [postgres("pg_up")]: "1+0x58 0 1+0x90" }],
  },
  PostgresConnectionsExhausted: {
    fires: connections(90),
    labels,
    summary: `91.0 % of the connections of Postgres ${instance} are in use (limit 90 %)`,
    silent: [connections(89)],
  },
  PostgresConnectionsHigh: {
    fires: connections(80),
    labels,
    summary: `81.0 % of the connections of Postgres ${instance} are in use (limit 80 %)`,
    silent: [connections(79)],
  },
  PostgresTransactionLong: {
    fires: { [transaction("app", "idle in transaction")]: stays(301) },
    labels: { instance, datname: "app", usename: "app" },
    summary: `A transaction of app in app on ${instance} has run for 301 s`,
    // A dump takes as long as it takes.
    silent: [
      { [transaction("app", "idle in transaction")]: stays(300) },
      { [transaction("app", "idle in transaction")]: stays(0), [transaction("pg_dump")]: stays(5000) },
    ],
  },
  PostgresDeadlocks: {
    fires: { [deadlocks]: "0+0x50 4+0x100" },
    labels: { instance, datname: "app" },
    summary: `4 deadlocks in app on ${instance} within 15 minutes`,
    silent: [{ [deadlocks]: "0+0x50 1+0x100" }],
  },
  PostgresReplicaLags: {
    fires: { [lag]: stays(31), [isReplica]: stays(1) },
    labels,
    summary: `Replica ${instance} is 31 s behind its primary (limit 30 s)`,
    // A primary has replayed nothing since it was promoted.
    silent: [{ [lag]: stays(30) }, { [isReplica]: stays(0) }],
  },
  PostgresSlotRetainsWal: {
    fires: { [retained]: stays(1.5 * gibibyte) },
    labels: { instance, slot_name: "handover" },
    summary: `The replication slot handover on ${instance} keeps 1.5 GiB of WAL (limit 1 GiB)`,
    silent: [{ [retained]: stays(gibibyte) }],
  },
  PostgresArchiveFails: {
    fires: { [failed]: grows(1) },
    labels,
    summary: `Postgres ${instance} could not archive WAL 15 times within 15 minutes`,
    // It failed once, long ago.
    silent: [{ [failed]: stays(3) }],
  },
  PostgresArchiveOld: {
    fires: { [archiveAge]: stays(16 * 60), ...written(grows(1)) },
    labels,
    summary: `The last WAL of Postgres ${instance} was archived 16 minutes ago (limit 15)`,
    // Just in time; nothing is written; a server that never archived, such as that of a cluster without a bucket.
    silent: [{ [archiveAge]: stays(15 * 60) }, written(stays(100)), { [archiveAge]: "NaN+0x400" }],
  },
  QueryTargetBurnsFast: {
    fires: within(20, 100),
    labels: pool,
    summary: "80.0 % of the transactions in the pool primary take longer than 100 ms",
    silent: [within(72, 100), within(0.1, 0.5)],
    at: 75,
  },
  QueryTargetBurnsSlowly: {
    fires: within(92, 100),
    labels: pool,
    summary: "8.0 % of the transactions in the pool primary take longer than 100 ms",
    silent: [within(96, 100)],
    at: 180,
  },
};

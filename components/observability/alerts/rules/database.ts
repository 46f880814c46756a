import { thresholds } from "../../../../tiers/thresholds";
import { percentileRules } from "../burn-rate";
import { type AlertRule, decimal, label, sameIn, value } from "../rule";
import { storesLost } from "./causes";

const { healthy, tierStep, target } = thresholds;

const by = "instance";
const server = label(by);

const connectionPercent = `100 * sum by (${by}) (pg_stat_database_numbackends{job="postgres"}) / max by (${by}) (pg_settings_max_connections{job="postgres"})`;
const connectionSteps = [
  "Look who holds them: `SELECT usename, application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3`.",
  "Connections beside PgBouncer's are those of migrations, dumps and people: end what nobody needs (`pg_terminate_backend`).",
  "If it is PgBouncer's load, take a larger database or a smaller pool (`npm run advise`).",
];

const longMinutes = 5;
const archiveMinutes = thresholds.backup.logMinutes;
const lagSeconds = 30;
const retainedGiB = 1;

const slowSteps = [
  "Look for the statements that take longest in `pg_stat_statements`, and read their plans: an index that is missing?",
  "Check whether they wait: for a connection of the pool, for a lock (`pg_locks`), for the disk.",
];

export const databaseRules: AlertRule[] = [
  {
    name: "PostgresDown",
    service: "database",
    severity: "critical",
    expr: 'max by (instance) (pg_up{job="postgres"}) == 0',
    for: "1m",
    summary: `Postgres ${server} does not answer`,
    source: "no threshold: it answers or not; a minute, so that a restart mails nobody, assumed",
    act: [
      "In the cluster: look at the pod `postgres-0`, its events and its log. A full volume? Enlarge it.",
      "RDS: look at the instance's events. A failover or a restart ends by itself within minutes.",
      "If its data is lost, restore it: docs/backups.md.",
    ],
  },
  {
    name: "PostgresConnectionsExhausted",
    service: "database",
    severity: "critical",
    expr: `${connectionPercent} > ${tierStep.connections}`,
    for: "5m",
    summary: `${decimal} % of the connections of Postgres ${server} are in use (limit ${tierStep.connections} %)`,
    source: `tier step: connections > ${tierStep.connections} %`,
    act: connectionSteps,
  },
  {
    name: "PostgresConnectionsHigh",
    service: "database",
    severity: "warning",
    expr: `${connectionPercent} > ${healthy.connections}`,
    for: "10m",
    summary: `${decimal} % of the connections of Postgres ${server} are in use (limit ${healthy.connections} %)`,
    source: `healthy: connections < ${healthy.connections} %`,
    act: connectionSteps,
    inhibitedBy: [sameIn(by, "PostgresConnectionsExhausted")],
  },
  {
    name: "PostgresTransactionLong",
    service: "database",
    severity: "warning",
    expr: `max by (${by}, datname, usename) (pg_stat_activity_max_tx_duration{job="postgres",backend_type="client backend",application_name!="pg_dump"}) > ${longMinutes * 60}`,
    for: "1m",
    summary: `A transaction of ${label("usename")} in ${label("datname")} on ${server} has run for ${value} s`,
    source: `assumed: ${longMinutes} minutes, longer than any statement of the application may take`,
    act: [
      "Find it: `SELECT pid, state, query FROM pg_stat_activity ORDER BY xact_start`.",
      "It holds back vacuum, and perhaps locks. End it with `pg_terminate_backend`, unless somebody waits for it.",
    ],
  },
  {
    name: "PostgresDeadlocks",
    service: "database",
    severity: "warning",
    expr: `sum by (${by}, datname) (increase(pg_stat_database_deadlocks{job="postgres"}[15m])) >= 3`,
    summary: `${value} deadlocks in ${label("datname")} on ${server} within 15 minutes`,
    source: "assumed: one is repeated by its caller, three are a pattern",
    act: ["Read the server's log: it has both statements. Let the code lock rows in one order."],
  },
  {
    name: "PostgresReplicaLags",
    service: "database",
    severity: "warning",
    expr: `max by (${by}) (pg_replication_lag_seconds{job="postgres"}) > ${lagSeconds} and max by (${by}) (pg_replication_is_replica{job="postgres"}) == 1`,
    for: "5m",
    summary: `Replica ${server} is ${value} s behind its primary (limit ${lagSeconds} s)`,
    source: `assumed: ${lagSeconds} s; users read their own writes from the primary`,
    act: [
      "Look at the replica's CPU and disk, and for long reads there: they hold back the replay.",
      "Look at the primary for a flood of writes: a migration, a batch.",
    ],
  },
  {
    name: "PostgresSlotRetainsWal",
    service: "database",
    severity: "critical",
    expr: `max by (${by}, slot_name) (pg_replication_slots_pg_wal_lsn_diff{job="postgres"}) / 2^30 > ${retainedGiB}`,
    for: "10m",
    summary: `The replication slot ${label("slot_name")} on ${server} keeps ${decimal} GiB of WAL (limit ${retainedGiB} GiB)`,
    source: `assumed: ${retainedGiB} GiB, before the smallest volume is full`,
    act: [
      "Check whether what reads the slot still runs: a replica, a handover.",
      "If nobody needs it any more, drop it: `SELECT pg_drop_replication_slot(...)`. What is kept is freed at the next checkpoint.",
    ],
  },
  {
    name: "PostgresArchiveFails",
    service: "database",
    severity: "critical",
    expr: `sum by (${by}) (increase(pg_stat_archiver_failed_count{job="postgres"}[15m])) > 0`,
    for: "5m",
    summary: `Postgres ${server} could not archive WAL ${value} times within 15 minutes`,
    source: "no threshold: what is not archived cannot be restored, and fills the volume",
    act: ["Read the server's log for `archive command failed`: credentials, the bucket, the disk."],
  },
  {
    name: "PostgresArchiveOld",
    service: "database",
    severity: "critical",
    // Without writes nothing is archived, and nothing could be lost.
    expr: `max by (${by}) (pg_stat_archiver_last_archive_age{job="postgres"}) / 60 > ${archiveMinutes} and sum by (${by}) (increase(pg_stat_database_tup_inserted{job="postgres"}[${archiveMinutes}m]) + increase(pg_stat_database_tup_updated{job="postgres"}[${archiveMinutes}m]) + increase(pg_stat_database_tup_deleted{job="postgres"}[${archiveMinutes}m])) > 0`,
    for: "10m",
    summary: `The last WAL of Postgres ${server} was archived ${value} minutes ago (limit ${archiveMinutes})`,
    source: `assumed: ${archiveMinutes} minutes; MVP archives within a minute of a write, RDS every five minutes`,
    act: [
      "What was written since then is lost with the server: docs/backups.md#see-that-they-are-made.",
      "At MVP, read `journalctl -u tierstack-wal` on the node. On RDS, look at the instance's events and its `LatestRestorableTime`.",
    ],
    inhibitedBy: [sameIn(by, "PostgresArchiveFails")],
  },
  ...percentileRules({
    name: "QueryTarget",
    service: "database",
    severity: "warning",
    by: "namespace, pool",
    histogram: "database_transaction_duration_seconds",
    selector: 'job="app"',
    seconds: target.queryMs / 1000,
    summary: `${decimal} % of the transactions in the pool ${label("pool")} take longer than ${target.queryMs} ms`,
    source: `service target: database p95 < ${target.queryMs} ms`,
    act: slowSteps,
    inhibitedBy: storesLost,
  }),
];

import { thresholds } from "../../../../tiers/thresholds";
import { type AlertRule, cause, decimal, label, sameIn, value } from "../rule";
import { storesLost } from "./causes";

const { healthy, tierStep, verticalStep } = thresholds;

const by = "namespace, pod, database";
const pool = `${label("database")} of ${label("pod")}`;
const postgresDown = cause("PostgresDown");

/** PgBouncer names a pool's database as its clients do, and calls it `name` beside the size. */
const size =
  'label_replace(pgbouncer_databases_pool_size{job="pgbouncer",name!="pgbouncer"}, "database", "$1", "name", "(.+)")';
const poolPercent = `100 * sum by (${by}) (pgbouncer_pools_server_active_connections{job="pgbouncer",database!="pgbouncer"}) / max by (${by}) (${size})`;
const clientPercent =
  '100 * max by (namespace, pod) (pgbouncer_used_clients{job="pgbouncer"}) / max by (namespace, pod) (pgbouncer_config_max_client_connections{job="pgbouncer"})';
const poolSteps = [
  "Check what holds the server connections: long transactions, or more load than the pool carries.",
  "A larger pool helps only where the database has CPU left: `pgbouncer.poolSize`, within `max_connections` (`npm run advise`).",
];
const clientSteps = [
  "Check whether pods of the application keep more connections than they use: the maximum of each pool times the pods.",
  "Raise `pgbouncer.maxClients`, or add a PgBouncer.",
];
const waitSeconds = 1;

export const poolerRules: AlertRule[] = [
  {
    name: "PgBouncerDown",
    service: "pooler",
    severity: "critical",
    // One of several that is away costs nothing.
    expr: 'max by (namespace) (pgbouncer_up{job="pgbouncer"}) == 0',
    for: "1m",
    summary: "No PgBouncer answers: the product has no database",
    source: "no threshold: one answers or none; a minute, so that a restart mails nobody, assumed",
    act: ["Look at the pods of `pgbouncer`, their events and logs. Roll them back if they were just changed."],
  },
  {
    name: "PgBouncerClientsWait",
    service: "pooler",
    severity: "critical",
    expr: `max by (${by}) (pgbouncer_pools_client_maxwait_seconds{job="pgbouncer"}) > ${waitSeconds}`,
    for: "2m",
    summary: `Clients wait ${value} s for a connection to ${pool} (limit ${waitSeconds} s)`,
    source: `assumed: ${waitSeconds} s, ten times what a query may take`,
    act: ["During a switch of a handover this is meant: it ends by itself within a minute.", ...poolSteps],
    inhibitedBy: storesLost,
  },
  {
    name: "PgBouncerPoolExhausted",
    service: "pooler",
    severity: "critical",
    expr: `${poolPercent} >= ${verticalStep.connections}`,
    for: "10m",
    summary: `${decimal} % of the pool ${pool} are in use`,
    source: "vertical step: connections at the maximum",
    act: poolSteps,
    inhibitedBy: [postgresDown],
  },
  {
    name: "PgBouncerPoolHigh",
    service: "pooler",
    severity: "warning",
    expr: `${poolPercent} > ${healthy.connections}`,
    for: "10m",
    summary: `${decimal} % of the pool ${pool} are in use (limit ${healthy.connections} %)`,
    source: `healthy: connections < ${healthy.connections} %`,
    act: poolSteps,
    inhibitedBy: [postgresDown, sameIn(by, "PgBouncerPoolExhausted")],
  },
  {
    name: "PgBouncerClientsExhausted",
    service: "pooler",
    severity: "critical",
    expr: `${clientPercent} > ${tierStep.connections}`,
    for: "5m",
    summary: `${decimal} % of the clients that ${label("pod")} takes are connected (limit ${tierStep.connections} %)`,
    source: `tier step: connections > ${tierStep.connections} %`,
    act: clientSteps,
  },
  {
    name: "PgBouncerClientsHigh",
    service: "pooler",
    severity: "warning",
    expr: `${clientPercent} > ${healthy.connections}`,
    for: "10m",
    summary: `${decimal} % of the clients that ${label("pod")} takes are connected (limit ${healthy.connections} %)`,
    source: `healthy: connections < ${healthy.connections} %`,
    act: clientSteps,
    inhibitedBy: [sameIn("namespace, pod", "PgBouncerClientsExhausted")],
  },
  {
    name: "PoolOfTheProcessWaits",
    service: "pooler",
    severity: "warning",
    expr: 'sum by (namespace, pod, pool) (database_pool_connections{job="app",state="waiting"}) > 0',
    for: "5m",
    summary: `${value} callers in ${label("pod")} wait for a connection of its pool ${label("pool")}`,
    source: "no threshold: a caller that waits is slow; 5 minutes, assumed",
    act: [
      "Check whether its transactions are slow, or hold a connection while they call something else.",
      "If only some pods wait, add pods; if all do, see PgBouncerPoolHigh.",
    ],
    inhibitedBy: [...storesLost, cause("PgBouncerClientsWait")],
  },
];

import { caches, databases } from "./data-aws";
import { drillPanels } from "./data-drills";
import { limits } from "./limits";
import { from, inNamespace, quantile, rate } from "./selectors";
import type { Dashboard, Panel } from "./types";

const app = (...matchers: string[]) => from("app", inNamespace, ...matchers);
const pgbouncer = (...matchers: string[]) => from("pgbouncer", inNamespace, ...matchers);
/** Servers are in no namespace: RDS and ElastiCache are among them. */
const postgres = (...matchers: string[]) => from("postgres", ...matchers);
const redis = (...matchers: string[]) => from("redis", ...matchers);

const serverStates = ["active", "idle", "used"] as const;

const connections: Panel[] = [
  {
    title: "Connections of Postgres",
    description: "Share of `max_connections` that is in use. At all of them Postgres refuses the next client.",
    unit: "share",
    kind: "figure",
    queries: [
      {
        expr: `max(sum by (instance) (pg_stat_activity_count${postgres()}) / on (instance) pg_settings_max_connections${postgres()})`,
        legend: "in use",
      },
    ],
    limit: { at: limits.connections, side: "above" },
  },
  {
    title: "Clients that wait",
    description:
      "Clients of PgBouncer without a server connection. More than a few for long: the pool is too small, or transactions are too long.",
    unit: "count",
    kind: "figure",
    queries: [{ expr: `sum(pgbouncer_pools_client_waiting_connections${pgbouncer()})`, legend: "waiting" }],
  },
  {
    title: "Longest wait",
    description: "How long the client that has waited longest waits for a connection by now.",
    unit: "seconds",
    kind: "figure",
    queries: [{ expr: `max(pgbouncer_pools_client_maxwait_seconds${pgbouncer()})`, legend: "longest wait" }],
  },
  {
    title: "Longest transaction",
    description:
      "Age of the oldest open transaction. It holds its locks, and vacuum cannot remove what it may still see.",
    unit: "seconds",
    kind: "figure",
    queries: [
      { expr: `max(pg_stat_activity_max_tx_duration${postgres('backend_type="client backend"')})`, legend: "age" },
    ],
  },
];

const pools: Panel[] = [
  {
    title: "Pools of the application",
    description: "Connections that the application's processes hold by state, and callers that wait for one.",
    unit: "count",
    kind: "lines",
    queries: [{ expr: `sum by (state) (database_pool_connections${app()})`, legend: "{{state}}" }],
  },
  {
    title: "Clients of PgBouncer",
    description: "Clients with a server connection, and clients that wait for one, by database.",
    unit: "count",
    kind: "lines",
    queries: [
      {
        expr: `sum by (database) (pgbouncer_pools_client_active_connections${pgbouncer('database!="pgbouncer"')})`,
        legend: "{{database}} active",
      },
      {
        expr: `sum by (database) (pgbouncer_pools_client_waiting_connections${pgbouncer('database!="pgbouncer"')})`,
        legend: "{{database}} waiting",
      },
    ],
  },
  {
    title: "Server connections of PgBouncer",
    description: "Connections to Postgres by state, and how many the pools may open together.",
    unit: "count",
    kind: "lines",
    queries: [
      ...serverStates.map((state) => ({
        expr: `sum(pgbouncer_pools_server_${state}_connections${pgbouncer()})`,
        legend: state,
      })),
      { expr: `sum(pgbouncer_databases_pool_size${pgbouncer('name!="pgbouncer"')})`, legend: "maximum" },
    ],
  },
  {
    title: "Connections of Postgres by state",
    description: "Idle in transaction is the state to look at: a client holds a connection and does nothing with it.",
    unit: "count",
    kind: "lines",
    queries: [{ expr: `sum by (state) (pg_stat_activity_count${postgres('state!=""')})`, legend: "{{state}}" }],
  },
];

const perSecond = (metric: string) => `sum(${rate(metric, pgbouncer('database!="pgbouncer"'))})`;

const queries: Panel[] = [
  {
    title: "Transactions, p95",
    description:
      "95 % of the application's transactions end faster, the wait for a connection included. The limit is the service target.",
    unit: "seconds",
    kind: "lines",
    queries: [{ expr: quantile(0.95, "database_transaction_duration_seconds", app(), "pool"), legend: "{{pool}}" }],
    limit: { at: limits.transaction, side: "above" },
  },
  {
    title: "Queries",
    description: "Queries and transactions a second through PgBouncer.",
    unit: "per second",
    kind: "lines",
    queries: [
      { expr: perSecond("pgbouncer_stats_totals_queries_pooled_total"), legend: "queries" },
      { expr: perSecond("pgbouncer_stats_totals_sql_transactions_pooled_total"), legend: "transactions" },
    ],
  },
  {
    title: "Mean time of a query",
    description: "Time that Postgres works on a query, and that a transaction waits for its connection, on average.",
    unit: "seconds",
    kind: "lines",
    queries: [
      {
        expr: `${perSecond("pgbouncer_stats_totals_queries_duration_seconds_total")} / ${perSecond("pgbouncer_stats_totals_queries_pooled_total")}`,
        legend: "query",
      },
      {
        expr: `${perSecond("pgbouncer_stats_totals_client_wait_seconds_total")} / ${perSecond("pgbouncer_stats_totals_sql_transactions_pooled_total")}`,
        legend: "wait",
      },
    ],
  },
  {
    title: "Statements that take most time",
    description:
      "Seconds a second that Postgres spends on a statement: 1 keeps one connection busy. `SELECT query FROM pg_stat_statements WHERE queryid = ID` shows its text.",
    unit: "seconds",
    kind: "bars",
    queries: [
      {
        expr: `topk(5, sum by (queryid) (${rate("pg_stat_statements_seconds_total", postgres())}))`,
        legend: "{{queryid}}",
      },
    ],
  },
];

const database: Panel[] = [
  {
    title: "Commits and rollbacks",
    description:
      "Transactions a second that ended either way, and deadlocks. Rollbacks are errors of the application or their retries.",
    unit: "per second",
    kind: "lines",
    queries: [
      { expr: `sum(${rate("pg_stat_database_xact_commit", postgres())})`, legend: "commits" },
      { expr: `sum(${rate("pg_stat_database_xact_rollback", postgres())})`, legend: "rollbacks" },
      { expr: `sum(${rate("pg_stat_database_deadlocks", postgres())})`, legend: "deadlocks" },
    ],
  },
  {
    title: "Blocks from memory",
    description:
      "Share of blocks that Postgres found in its own memory. Where it falls, the data that is in use has outgrown it.",
    unit: "share",
    kind: "lines",
    queries: [
      {
        expr:
          `sum(${rate("pg_stat_database_blks_hit", postgres())}) / ` +
          `(sum(${rate("pg_stat_database_blks_hit", postgres())}) + sum(${rate("pg_stat_database_blks_read", postgres())}))`,
        legend: "from memory",
      },
    ],
  },
  {
    title: "Size of the databases",
    description: "Bytes of each database. Compare with the free space of its volume on the dashboard Platform.",
    unit: "bytes",
    kind: "lines",
    queries: [
      { expr: `max by (datname) (pg_database_size_bytes${postgres('datname!~"template.*"')})`, legend: "{{datname}}" },
    ],
  },
  {
    title: "Replication lag",
    description:
      "How old the newest transaction is that a server has replayed; 0 on a primary. Users read their own writes from the primary until then.",
    unit: "seconds",
    kind: "lines",
    queries: [{ expr: `max by (instance) (pg_replication_lag_seconds${postgres()})`, legend: "{{instance}}" }],
  },
];

const redisNow: Panel[] = [
  {
    title: "Memory of Redis",
    description: "Share of `maxmemory` in use, of the fullest server. Full, it evicts keys or refuses writes.",
    unit: "share",
    kind: "figure",
    queries: [
      { expr: `max(redis_memory_used_bytes${redis()} / (redis_memory_max_bytes${redis()} > 0))`, legend: "in use" },
    ],
    limit: { at: limits.memory, side: "above" },
  },
  {
    title: "CPU of Redis",
    description: "Share of a core that the busiest server uses. Redis runs commands on one.",
    unit: "share",
    kind: "figure",
    queries: [
      {
        expr: `max(${rate("redis_cpu_user_seconds_total", redis())} + ${rate("redis_cpu_sys_seconds_total", redis())})`,
        legend: "busiest",
      },
    ],
    limit: { at: limits.cpu, side: "above" },
  },
  {
    title: "Clients of Redis",
    description: "Open connections to all servers.",
    unit: "count",
    kind: "figure",
    queries: [{ expr: `sum(redis_connected_clients${redis()})`, legend: "clients" }],
  },
];

const redisLines: Panel[] = [
  {
    title: "Commands of Redis",
    description: "Commands a second by server.",
    unit: "per second",
    kind: "lines",
    queries: [
      { expr: `sum by (instance) (${rate("redis_commands_processed_total", redis())})`, legend: "{{instance}}" },
    ],
  },
  {
    title: "Slowest commands of Redis",
    description: "Mean time of a command, the five slowest. Blocking reads of a queue wait on purpose.",
    unit: "seconds",
    kind: "bars",
    queries: [
      {
        expr:
          `topk(5, sum by (cmd) (${rate("redis_commands_duration_seconds_total", redis())}) / ` +
          `(sum by (cmd) (${rate("redis_commands_total", redis())}) > 0))`,
        legend: "{{cmd}}",
      },
    ],
  },
  {
    title: "Evicted and expired keys",
    description:
      "Keys a second that Redis removed because its memory was full (evicted), or because their time was over.",
    unit: "per second",
    kind: "lines",
    queries: [
      { expr: `sum(${rate("redis_evicted_keys_total", redis())})`, legend: "evicted" },
      { expr: `sum(${rate("redis_expired_keys_total", redis())})`, legend: "expired" },
    ],
  },
  {
    title: "Key look-ups of Redis",
    description: "Look-ups a second that found a key, and that did not. Sessions, limits and queues are among them.",
    unit: "per second",
    kind: "lines",
    queries: [
      { expr: `sum(${rate("redis_keyspace_hits_total", redis())})`, legend: "found" },
      { expr: `sum(${rate("redis_keyspace_misses_total", redis())})`, legend: "not found" },
    ],
  },
];

/** The stores and the way to them. */
export const data: Dashboard = {
  name: "data",
  title: "Data",
  description: "The stores and the way to them: connections, pools, queries, replication, Redis.",
  choices: [{ name: "namespace", series: 'up{job=~"app|pgbouncer"}' }],
  rows: [
    { title: "Now", panels: connections },
    { title: "Pools", panels: pools },
    { title: "Queries", panels: queries },
    { title: "Postgres", panels: database },
    { title: "Drills", panels: drillPanels },
    { title: "RDS, as AWS measures it", panels: databases },
    { title: "Redis now", panels: redisNow },
    { title: "Redis", panels: redisLines },
    { title: "ElastiCache, as AWS measures it", panels: caches },
  ],
};

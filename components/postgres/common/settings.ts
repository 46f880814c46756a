/**
 * Names of the roles and databases. `readDatabase` and `sessionDatabase` exist only in PgBouncer: the same database for
 * reads, and with a server connection for as long as the client stays. The application logs in as `role` and, at odd
 * rotations of the passwords, as `alternateRole`, which acts as `role`. A handover logs in as `handoverRole`, and the exporter of
 * statistics as `monitorRole`.
 */
export const identifiers = {
  superuser: "postgres",
  role: "app",
  alternateRole: "app_b",
  handoverRole: "handover",
  monitorRole: "monitor",
  database: "app",
  readDatabase: "app_ro",
  sessionDatabase: "app_session",
} as const;

/** Maximum run time of a statement, in seconds. A graceful stop waits this long. */
export const longestStatementSeconds = 60;

const second = 1000;

/**
 * Settings of every server, in the cluster and on RDS. Times are in milliseconds, PostgreSQL's base unit: a
 * postgresql.conf and an RDS parameter group read them the same way.
 */
export const serverSettings: Readonly<Record<string, string>> = {
  // The limit for a query.
  log_min_duration_statement: "50",
  // Logs slow queries without their bind parameters, which are user data.
  log_parameter_max_length: "0",
  log_lock_waits: "1",
  // Longer statements, such as an index build, raise it with SET LOCAL statement_timeout.
  statement_timeout: String(longestStatementSeconds * second),
  // An idle transaction occupies a server connection of the pool and keeps vacuum from removing dead rows.
  idle_in_transaction_session_timeout: String(60 * second),
};

/** Settings that take effect only after a restart. */
export const startSettings: Readonly<Record<string, string>> = {
  shared_preload_libraries: "pg_stat_statements",
};

/** The application's role and its database; PgBouncer adds a database of its own for readers. */
export const identifiers = { superuser: "postgres", role: "app", database: "app", readDatabase: "app_ro" } as const;

/** Longest that a statement runs, in seconds; what a graceful stop waits for. */
export const longestStatementSeconds = 60;

const second = 1000;

/**
 * Settings of every server, in the cluster or managed, in PostgreSQL's base units (milliseconds): what both places
 * read alike.
 */
export const serverSettings: Readonly<Record<string, string>> = {
  // The guides' bound for a query.
  log_min_duration_statement: "50",
  // Slow queries are logged without the values bound to them, which are the users' data.
  log_parameter_max_length: "0",
  log_lock_waits: "1",
  // Longer statements, an index build among them, lift it for themselves: SET LOCAL statement_timeout.
  statement_timeout: String(longestStatementSeconds * second),
  // A transaction left open holds a server connection of the pool, and rows that vacuum cannot remove.
  idle_in_transaction_session_timeout: String(60 * second),
};

/** Settings that a server reads only when it starts. */
export const startSettings: Readonly<Record<string, string>> = {
  shared_preload_libraries: "pg_stat_statements",
};

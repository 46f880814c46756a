import type { Client } from "pg";
import type { Connections, OperateAnswers, Session } from "../../contract/operate";

/** Characters of a query that are shown. */
const queryLength = 200;

/** A moment as seconds since 1970 in all its digits, which no setting of a session changes. */
const moment = (column: string) => `extract(epoch FROM ${column})::text`;

/** Clients of the server, this one left out. */
const clients = "backend_type = 'client backend' AND pid <> pg_backend_pid()";

const sessions = `
  SELECT pid, ${moment("backend_start")} AS started, usename AS "user", application_name AS application,
    host(client_addr) AS address, state, extract(epoch FROM now() - state_change)::int AS "stateSeconds",
    extract(epoch FROM now() - xact_start)::int AS "transactionSeconds", wait_event_type AS waits,
    pg_blocking_pids(pid) AS "blockedBy", left(query, ${queryLength}) AS query
  FROM pg_stat_activity WHERE ${clients} ORDER BY backend_start, pid`;

/** Before version 16 there is no `reserved_connections`. */
const bounds = `
  SELECT current_setting('max_connections')::int AS most, current_setting('superuser_reserved_connections')::int
    + coalesce(current_setting('reserved_connections', true), '0')::int AS reserved`;

/** Returns who holds connections to the primary. Of other roles it shows less, as Postgres does. */
export async function connections(client: Client): Promise<Connections> {
  const { most, reserved } = (await client.query(bounds)).rows[0];
  const { rows } = await client.query<Session>(sessions);
  return { most, reserved, sessions: rows };
}

const end = `
  SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity
  WHERE pid = $1 AND ${moment("backend_start")} = $2 AND ${clients}`;

/** Ends a session. Its transaction is rolled back, and PgBouncer opens another connection when it needs one. */
export async function endSession(client: Client, pid: number, started: string): Promise<OperateAnswers["end"]> {
  const { rows } = await client.query(end, [pid, started]);
  return { ended: rows[0]?.ended === true };
}

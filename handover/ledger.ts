import type { Client } from "pg";
import type { Request } from "./commands";
import { connect } from "./database";
import type { State } from "./decide";
import { log } from "./steps";

/** The schema of the engine's own tables on both sides. It is neither copied nor verified. */
export const schema = "handover";

const tables = `
  CREATE SCHEMA IF NOT EXISTS ${schema};
  CREATE TABLE IF NOT EXISTS ${schema}.ledger (
    id int PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    phase text NOT NULL DEFAULT 'new',
    active text NOT NULL DEFAULT 'source',
    switching text,
    details jsonb NOT NULL DEFAULT '{}'
  );
  INSERT INTO ${schema}.ledger DEFAULT VALUES ON CONFLICT DO NOTHING;
  CREATE TABLE IF NOT EXISTS ${schema}.request (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    command text NOT NULL,
    asked timestamptz NOT NULL DEFAULT now(),
    outcome text,
    message text
  );
  CREATE TABLE IF NOT EXISTS ${schema}.event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    event text NOT NULL,
    details jsonb NOT NULL DEFAULT '{}'
  );`;

/** What is known beside the state: results, for `status`. */
export type Details = Record<string, unknown>;

export interface RequestRow {
  id: string;
  command: Request;
}

export interface Outcome {
  outcome: "done" | "refused" | "failed";
  message: string;
}

/** Key of the advisory lock that a supervisor holds. */
export const lockKey = 7_146_011;

/**
 * The state of the handover, in the target's database: one row, on the connection that holds the supervisor's lock. Where
 * that connection is lost, so is the right to act: a new supervisor gets the lock only once the old connection has ended.
 */
export class Ledger {
  private constructor(private readonly client: Client) {}

  /** Connects. Undefined where another supervisor holds the lock. */
  static async hold(url: string): Promise<Ledger | undefined> {
    const client = await connect(url);
    const { rows } = await client.query(`SELECT pg_try_advisory_lock(${lockKey}) AS held`);
    if (!rows[0].held) {
      await client.end();
      return undefined;
    }
    await client.query(`SET synchronous_commit = on; ${tables}`);
    return new Ledger(client);
  }

  async read(): Promise<State & { details: Details }> {
    const { rows } = await this.client.query(`SELECT phase, active, switching, details FROM ${schema}.ledger`);
    return rows[0];
  }

  /** Changes the state in one transaction. */
  async write(change: Partial<State>, details: Details = {}): Promise<void> {
    const columns = Object.keys(change);
    const sets = columns.map((column, at) => `${column} = $${at + 2}, `).join("");
    await this.client.query(`UPDATE ${schema}.ledger SET ${sets}details = details || $1`, [
      JSON.stringify(details),
      ...Object.values(change),
    ]);
  }

  /** Says in the status what keeps the handover from going on; nothing once it goes on. */
  async problem(message: string | null): Promise<void> {
    const { details } = await this.read();
    if ((details.problem ?? null) === message) return;
    await this.write({}, { problem: message });
    if (message !== null) await this.note("problem", { message });
  }

  /** Starts over after a handover that was aborted. */
  async reset(): Promise<void> {
    await this.client.query(
      `UPDATE ${schema}.ledger SET phase = 'new', active = 'source', switching = NULL, details = '{}'`,
    );
  }

  async note(event: string, details: object = {}): Promise<void> {
    log(event, details);
    await this.client.query(`INSERT INTO ${schema}.event (event, details) VALUES ($1, $2)`, [
      event,
      JSON.stringify(details),
    ]);
  }

  /** The oldest request that has no outcome. */
  async nextRequest(): Promise<RequestRow | undefined> {
    const open = `SELECT id, command FROM ${schema}.request WHERE outcome IS NULL ORDER BY id LIMIT 1`;
    return (await this.client.query<RequestRow>(open)).rows[0];
  }

  async answer(request: RequestRow, { outcome, message }: Outcome): Promise<void> {
    await this.client.query(`UPDATE ${schema}.request SET outcome = $2, message = $3 WHERE id = $1`, [
      request.id,
      outcome,
      message,
    ]);
    await this.note("answered", { request: request.command, outcome, message });
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }
}

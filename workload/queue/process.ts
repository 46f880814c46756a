import type { OwnWrites } from "../patterns/own-writes";
import type { Client, Database } from "../stores/postgres";
import { once } from "./once";
import type { JobState } from "./options";

/** What a job does in the database once the work outside of it is done, and what it returns to the caller. */
export interface Done {
  result: object;
  apply(client: Client): Promise<void>;
}

/**
 * Does the work of a kind of job. It may run more than once, so calls to others carry the job's id as their idempotency
 * key. What must happen once goes into `apply`.
 */
export type Handler = (job: { id: string; userId: string; input: unknown }) => Promise<Done>;
export type Handlers = Record<string, Handler>;

interface Row {
  user_id: string;
  kind: string;
  input: unknown;
  state: JobState;
}

/** A job that failed meanwhile stays so, without an effect: its credits are given back already. */
const finish = "UPDATE jobs SET state = 'done', result = $2, finished_at = now() WHERE id = $1 AND state = 'queued'";

export interface JobStores {
  database: Database;
  /** Lets the user see the result at once, in every process. */
  ownWrites: Pick<OwnWrites, "write">;
}

/**
 * Runs a job: the work outside of the database first, then its effect, the result and the key that keeps a second run
 * from having them again, in one transaction.
 * @returns false if it was done already, or if nobody asked for it
 */
export async function runJob({ database, ownWrites }: JobStores, handlers: Handlers, id: string): Promise<boolean> {
  const [row] = await database.read(
    async (client) =>
      (await client.query<Row>("SELECT user_id, kind, input, state FROM jobs WHERE id = $1", [id])).rows,
    { fresh: true },
  );
  if (row?.state !== "queued") return false;
  const handler = handlers[row.kind];
  if (!handler) throw new Error(`job ${id}: given kind ${row.kind}; allowed: ${Object.keys(handlers).join(", ")}`);
  const done = await handler({ id, userId: row.user_id, input: row.input });
  return ownWrites.write(String(row.user_id), (client) =>
    once(client, `job:${id}`, async () => {
      const { rowCount } = await client.query(finish, [id, JSON.stringify(done.result)]);
      if (rowCount === 1) await done.apply(client);
    }),
  );
}

const fail = `
  WITH failed AS (UPDATE jobs SET state = 'failed', finished_at = now() WHERE id = $1 AND state = 'queued' RETURNING user_id, cost)
  UPDATE credits SET balance = balance + cost FROM failed WHERE credits.user_id = failed.user_id`;

/** Notes that a job has failed for good, and gives its credits back. Its error is for the operator, not for the caller. */
export async function giveUp(database: Database, id: string): Promise<void> {
  await database.write((client) => client.query(fail, [id]));
}

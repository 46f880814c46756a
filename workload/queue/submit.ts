import { randomUUID } from "node:crypto";
import { record } from "../events/record";
import type { Database } from "../stores/postgres";
import type { Priority } from "./options";
import type { QueuedJob, Queues } from "./queues";

export interface Submission {
  /** Who asks for it. */
  userId: string;
  /** The caller's name for this request: the same name never makes a second job. */
  idempotencyKey: string;
  queue: string;
  kind: string;
  priority: Priority;
  input: object;
  /** Credits that it costs. */
  cost: number;
}

/** The user has fewer credits than the job costs. */
export class NotEnoughCredits extends Error {}

const insert = `
  INSERT INTO jobs (id, user_id, idempotency_key, queue, kind, priority, input, cost) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (user_id, idempotency_key) DO NOTHING`;
const pay = "UPDATE credits SET balance = balance - $2 WHERE user_id = $1 AND balance >= $2";
const existing = "SELECT id, queue, priority FROM jobs WHERE user_id = $1 AND idempotency_key = $2";

/**
 * Stores a job in Postgres and takes its price, then adds it to its queue. From the commit on it is not lost: where the
 * second step fails, `sweep` does it.
 * @returns the job's id, the first one's for a name that is known, and whether it is in its queue
 * @throws NotEnoughCredits
 */
export async function submit(
  database: Pick<Database, "write">,
  queues: Pick<Queues, "add">,
  { userId, idempotencyKey, queue, kind, priority, input, cost }: Submission,
): Promise<{ id: string; queued: boolean }> {
  const stored = await database.write(async (client) => {
    const values = [randomUUID(), userId, idempotencyKey, queue, kind, priority, JSON.stringify(input), cost];
    const { rowCount } = await client.query(insert, values);
    if (rowCount === 1) {
      if (cost > 0 && (await client.query(pay, [userId, cost])).rowCount !== 1)
        throw new NotEnoughCredits(`the job costs ${cost} credits`);
      await record(client, "job.submitted", userId, { job: values[0], kind, cost });
    }
    return (await client.query<QueuedJob>(existing, [userId, idempotencyKey])).rows[0] as QueuedJob;
  });
  const queued = await queues.add(stored).then(
    () => true,
    () => false,
  );
  return { id: stored.id, queued };
}

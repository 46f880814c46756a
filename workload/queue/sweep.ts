import type { Database } from "../stores/postgres";
import { giveUp } from "./process";
import type { QueuedJob, Queues } from "./queues";

/** Jobs that one sweep looks at. */
const atATime = 500;

const due = `
  UPDATE jobs SET checked_at = now() WHERE id IN (
    SELECT id FROM jobs WHERE state = 'queued' AND checked_at < now() - make_interval(secs => $1)
    ORDER BY checked_at LIMIT ${atATime} FOR UPDATE SKIP LOCKED)
  RETURNING id, queue, priority`;

/** @returns whether the job was not as it should be */
async function repair(database: Database, queues: Queues, job: QueuedJob): Promise<boolean> {
  const queue = queues.of(job.queue);
  const state = await queue.getJobState(job.id);
  if (state === "failed") {
    await giveUp(database, job.id);
    return true;
  }
  // Done in Redis but not in Postgres: the database came back from a backup.
  if (state === "completed") await queue.remove(job.id);
  else if (state !== "unknown") return false;
  await queues.add(job);
  return true;
}

/**
 * Compares jobs that Postgres has as queued with their queues, and adds what Redis has lost: a master that fails takes
 * with it what it had not yet sent to its replica. Processes that sweep at the same time look at different jobs.
 * @param afterSeconds  how long a job is left alone after it was added or looked at
 * @returns the number of jobs that were not as they should be
 */
export async function sweep(database: Database, queues: Queues, afterSeconds: number): Promise<number> {
  // Committed before Redis is asked: a slow Redis must not hold a connection of the database.
  const { rows } = await database.write((client) => client.query<QueuedJob>(due, [afterSeconds]));
  let repaired = 0;
  for (const job of rows) if (await repair(database, queues, job)) repaired++;
  return repaired;
}

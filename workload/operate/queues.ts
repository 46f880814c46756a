import { type Job, Queue } from "bullmq";
import type { Cluster } from "ioredis";
import type { QueueAct, QueueReference, QueueState } from "../../contract/operate";
import { prefixOfList } from "../queue/names";
import { streams } from "../queue/options";
import { giveUp } from "../queue/process";
import type { Database } from "../stores/postgres";

/** Jobs that are taken out of a queue at a time. */
const atATime = 200;

/** States of a job that no worker has. */
const waiting = ["waiting", "prioritized"] as const;

/** Opens a queue as its workers do, for some work. */
async function withQueue<T>(redis: Cluster, { name, list }: QueueReference, work: (queue: Queue) => Promise<T>) {
  const prefix = prefixOfList(name, list);
  const queue = new Queue(name, { connection: redis, prefix, streams, skipMetasUpdate: true });
  queue.on("error", () => undefined);
  try {
    return await work(queue);
  } finally {
    await queue.close();
  }
}

async function stateOf(queue: Queue, nowMs: number): Promise<QueueState> {
  const counts = await queue.getJobCounts(...waiting, "delayed", "active", "failed");
  const first = await Promise.all(waiting.map((state) => queue.getJobs([state], 0, 0, true)));
  const added = first.flat().flatMap((job) => (job ? [job.timestamp] : []));
  const { delayed = 0, active = 0, failed = 0 } = counts;
  return {
    name: queue.name,
    waiting: waiting.reduce((sum, state) => sum + (counts[state] ?? 0), 0),
    delayed,
    active,
    failed,
    paused: await queue.isPaused(),
    oldestSeconds: added.length === 0 ? 0 : Math.max(0, nowMs - Math.min(...added)) / 1000,
  };
}

/** Returns how queues are now. */
export async function queueStates(redis: Cluster, queues: readonly QueueReference[]): Promise<QueueState[]> {
  const states: QueueState[] = [];
  for (const one of queues) states.push(await withQueue(redis, one, (queue) => stateOf(queue, Date.now())));
  return states;
}

/** Takes a job out. Its row first: a worker that has the job by now finds there that nothing is to be done. */
async function giveUpJob(database: Database, job: Job): Promise<boolean> {
  await giveUp(database, String(job.id));
  return job.remove().then(
    () => true,
    // A worker has it.
    () => false,
  );
}

/**
 * Empties a queue of the jobs that no worker has, and that do not wait for their retry. In Postgres they have failed, with their
 * credits given back: those that were only missing in Redis would be added again.
 */
async function drain(database: Database, queue: Queue): Promise<number> {
  let jobs = 0;
  for (;;) {
    const found = (await queue.getJobs([...waiting], 0, atATime - 1, true)).filter((job) => job !== undefined);
    const gone = await Promise.all(found.map((job) => giveUpJob(database, job)));
    const removed = gone.filter(Boolean).length;
    jobs += removed;
    if (removed === 0) return jobs;
  }
}

/** Changes a queue for all its workers. Returns how many jobs that changed. */
export function changeQueue(
  { redis, database }: { redis: Cluster; database: Database },
  act: QueueAct,
  reference: QueueReference,
): Promise<number> {
  return withQueue(redis, reference, async (queue) => {
    if (act === "drain") return drain(database, queue);
    if (act === "retry") {
      const { delayed = 0 } = await queue.getJobCounts("delayed");
      await queue.promoteJobs();
      return delayed;
    }
    const counts = await queue.getJobCounts(...waiting);
    await (act === "pause" ? queue.pause() : queue.resume());
    return Object.values(counts).reduce((sum, jobs) => sum + jobs, 0);
  });
}

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Job, Queue } from "bullmq";
import type { Cluster } from "ioredis";
import { keyOf } from "../names";
import { streams } from "../options";
import { type FoundQueue, findQueues } from "./find";
import { Lease } from "./lease";
import { claim, complete, forget } from "./scripts";

/** Jobs that move at a time. */
const atATime = 100;

/** Delay of a job that stands in the new queue, and must not run before the old one has forgotten it: a year. */
const parkedMs = 365 * 24 * 3600 * 1000;

export interface MoveOptions {
  /** How long a run may stand still before another may take over, in milliseconds. @default 30000 */
  leaseMs?: number;
  /** How long to wait for jobs that the old workers still run, in milliseconds. */
  waitMs: number;
}

/** A queue that cannot be moved, and what to do. */
export class MoveRefused extends Error {}

interface Entry {
  /** As it stands in the list of moving jobs. */
  text: string;
  due: number;
  id: string;
}

function entryOf(text: string): Entry {
  const at = text.indexOf(" ");
  return { text, due: Number(text.slice(0, at)), id: text.slice(at + 1) };
}

/**
 * Returns the id of a job in the new queue. It says the same for each run of a move, so a job cannot be added twice. A
 * number comes from the old queue's counter, and would meet a number of the new one's.
 */
export const newId = (move: string, id: string) => (/^\d+$/.test(id) ? `moved-${move}-${id}` : id);

/** Moves the jobs of one queue. */
class QueueMove {
  private readonly old: Queue;
  private readonly next: Queue;
  private move = "";

  constructor(
    private readonly from: Cluster,
    private readonly to: Cluster,
    private readonly queue: FoundQueue,
    private readonly lease: Lease,
  ) {
    const { prefix, name } = queue;
    this.old = new Queue(name, { connection: from, prefix, skipMetasUpdate: true });
    this.next = new Queue(name, { connection: to, prefix, streams });
    for (const side of [this.old, this.next]) side.on("error", () => undefined);
  }

  private key(part: string): string {
    return keyOf(this.queue.name, part, this.queue.prefix);
  }

  private get parked(): string {
    return this.key("move-parked");
  }

  /** @throws MoveRefused  for jobs whose relations to others would break */
  private async check(): Promise<void> {
    const [flows, schedulers] = await Promise.all([
      this.from.zcard(this.key("waiting-children")),
      this.from.zcard(this.key("repeat")),
    ]);
    const [given] = [
      ...(flows > 0 ? [`${flows} jobs that wait for their children`] : []),
      ...(schedulers > 0 ? [`${schedulers} job schedulers`] : []),
    ];
    if (given === undefined) return;
    throw new MoveRefused(
      `queue ${this.queue.name}: given ${given}; allowed: jobs on their own; ` +
        "fix: let flows end on the old Redis; remove schedulers there, the application creates them on the new one",
    );
  }

  /** @returns the number of jobs that moved */
  async run(waitMs: number): Promise<number> {
    await this.check();
    const run = this.key("move-run");
    await this.from.set(run, randomUUID().slice(0, 8), "NX");
    this.move = (await this.from.get(run)) as string;
    let moved = await this.finish();
    for (const end = Date.now() + waitMs; ; ) {
      await this.lease.hold();
      if ((await this.claim()) > 0) moved += await this.finish();
      else if ((await this.from.llen(this.key("active"))) === 0 || Date.now() > end) return moved;
      else await sleep(200);
    }
  }

  /** @returns jobs that the old workers still run */
  async left(): Promise<number> {
    return this.from.llen(this.key("active"));
  }

  async close(): Promise<void> {
    await Promise.all([this.old.close(), this.next.close()]);
  }

  private async claim(): Promise<number> {
    const keys = ["wait", "prioritized", "delayed", "active", "stalled", "moving"].map((part) => this.key(part));
    return (await this.from.eval(claim, keys.length, ...keys, this.key(""), atATime, Date.now())) as number;
  }

  /** Moves what was claimed, also by a run that was killed. */
  private async finish(): Promise<number> {
    let moved = 0;
    for (;;) {
      const entries = (await this.from.lrange(this.key("moving"), 0, atATime - 1)).map(entryOf);
      // What stands here was forgotten by the old queue.
      if (entries.length === 0) break;
      await this.lease.hold();
      await Promise.all(entries.map((entry) => this.park(entry)));
      await Promise.all(
        entries.map(({ text, id }) =>
          this.from.eval(forget, 3, this.key("moving"), this.key(id), this.key(`${id}:logs`), text),
        ),
      );
      moved += entries.length;
      await this.releaseAll();
    }
    await this.releaseAll();
    return moved;
  }

  /** Adds a job to the new queue, where it cannot run yet. */
  private async park({ id, due }: Entry): Promise<void> {
    const job = await this.old.getJob(id);
    if (!job) return;
    const jobId = newId(this.move, id);
    await this.to.hset(this.parked, jobId, due);
    // Without `deduplication`, which could take it for another one.
    const { deduplication: _, ...opts } = job.opts;
    await this.next.add(job.name, job.data, { ...opts, jobId, delay: parkedMs, timestamp: job.timestamp });
    await this.to.eval(complete, 2, this.key("delayed"), this.key(jobId), jobId, parkedMs, ...pastOf(job));
  }

  /** Lets jobs run that the old queue has forgotten, in their order. */
  private async releaseAll(): Promise<void> {
    const parked = Object.entries(await this.to.hgetall(this.parked)).map(([id, due]) => ({ id, due: Number(due) }));
    parked.sort((a, b) => a.due - b.due);
    for (const { id, due } of parked) {
      await this.lease.hold();
      const job = await this.next.getJob(id);
      // One that the application added under the same id is not parked, and may be anywhere.
      if (job?.delay === parkedMs) await releaseJob(job, due);
      await this.to.hdel(this.parked, id);
    }
  }
}

async function releaseJob(job: Job, due: number): Promise<void> {
  const left = due - Date.now();
  if (left > 0) await job.changeDelay(left);
  else await job.promote();
}

/** What has happened to a job, in BullMQ's fields: attempts made and begun, times that it was stalled. */
const pastOf = (job: Job) => ["atm", job.attemptsMade, "ats", job.attemptsStarted, "stc", job.stalledCounter];

/**
 * Moves what waits in the queues of one Redis to the same queues of another: each job once, however often this is killed
 * and run again. A job is claimed, so that no old worker gets it; added to the new queue under an id that follows from
 * its own, parked; forgotten by the old queue; and then released to the new workers.
 * @returns jobs that moved, and jobs that old workers still run, by queue
 */
export async function moveJobs(
  from: Cluster,
  to: Cluster,
  { leaseMs = 30_000, waitMs }: MoveOptions,
): Promise<Record<string, { moved: number; left: number }>> {
  const lease = await Lease.take(from, leaseMs);
  const results: Record<string, { moved: number; left: number }> = {};
  for (const queue of await findQueues(from)) {
    const move = new QueueMove(from, to, queue, lease);
    try {
      const moved = await move.run(waitMs);
      results[queue.name] = { moved, left: await move.left() };
    } finally {
      await move.close();
    }
  }
  await lease.end();
  return results;
}

import { type JobsOptions, Queue } from "bullmq";
import type { Cluster } from "ioredis";
import { prefixOf } from "./names";
import { jobOptions, type Priority, priorities, streams } from "./options";

/** A job to add to its queue. Its input is in Postgres, in the row with this id. */
export interface QueuedJob {
  id: string;
  queue: string;
  priority: Priority;
}

const optionsOf = ({ id, priority }: QueuedJob): JobsOptions => ({ jobId: id, ...priorities[priority] });

/** The queues that a process adds jobs to, on its one connection. */
export class Queues {
  private readonly open = new Map<string, Queue>();

  constructor(private readonly redis: Cluster) {}

  of(name: string): Queue {
    const known = this.open.get(name);
    if (known) return known;
    const queue = new Queue(name, {
      connection: this.redis,
      prefix: prefixOf(name),
      defaultJobOptions: jobOptions,
      streams,
    });
    // Each caller sees the error of its own command.
    queue.on("error", () => undefined);
    this.open.set(name, queue);
    return queue;
  }

  /**
   * Adds a job. One that is there already, in whatever state, stays as it is.
   * @throws at once while Redis cannot be reached
   */
  async add(job: QueuedJob): Promise<void> {
    // BullMQ would wait for the connection.
    if (this.redis.status !== "ready") throw new Error("Redis is not reachable");
    try {
      await this.of(job.queue).add("job", {}, optionsOf(job));
    } catch (error) {
      // A queue that could not be initialised stays so: the next job gets another.
      this.open.delete(job.queue);
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.open.values()].map((queue) => queue.close()));
  }
}

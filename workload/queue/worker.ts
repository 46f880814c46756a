import { setTimeout as sleep } from "node:timers/promises";
import { type Job, Queue, Worker } from "bullmq";
import type { Cluster } from "ioredis";
import type { Logger } from "pino";
import { type QueueMetrics, watchQueue } from "./metrics";
import { jobOptions, maxStalledCount, streams } from "./options";
import { giveUp, type Handlers, type JobStores, runJob } from "./process";

export interface WorkerSettings {
  queue: string;
  prefix: string;
  concurrency: number;
  /**
   * How long a job belongs to a worker that gives no sign of life, in milliseconds. A living one renews it at half the
   * time. Then another worker has the job, at the latest after as long again.
   */
  lockMs: number;
}

export interface WorkerNeeds extends JobStores {
  /** A connection of its own: closing the worker does not close it. */
  redis: Cluster;
  handlers: Handlers;
  metrics: QueueMetrics;
  log: Logger;
}

/** Milliseconds that BullMQ has to close once no job runs. Without Redis it would wait for its connection for ever. */
const closeMs = 5000;

/** A worker of a queue. */
export class QueueWorker {
  private readonly worker: Worker;
  private readonly queue: Queue;
  private stopping: Promise<void> | undefined;
  private held = false;
  private holding: Promise<void> = Promise.resolve();
  private running = 0;

  constructor(
    private readonly options: WorkerSettings,
    private readonly needs: WorkerNeeds,
  ) {
    const { queue, prefix, concurrency, lockMs } = options;
    const connection = needs.redis;
    this.queue = new Queue(queue, { connection, prefix, streams, skipMetasUpdate: true });
    this.worker = new Worker(queue, (job) => this.run(job), {
      connection,
      prefix,
      concurrency,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount,
      removeOnComplete: jobOptions.removeOnComplete,
      removeOnFail: jobOptions.removeOnFail,
    });
    const { log } = needs;
    this.queue.on("error", (err) => log.warn({ err, queue }, "queue"));
    this.worker.on("error", (err) => log.warn({ err, queue }, "worker"));
    this.worker.on("stalled", (id) => log.warn({ job: id, queue }, "the job's worker was lost: it runs again"));
    this.worker.on("failed", (job, err) => void this.failed(job, err));
    watchQueue(needs.metrics, this.queue, needs.redis, prefix);
  }

  /** Whether it takes jobs, or will once it is no longer held. */
  get ready(): boolean {
    const running = this.held || this.worker.isRunning();
    return this.stopping === undefined && running && this.needs.redis.status === "ready";
  }

  /** Holds it or lets it go on. A held worker finishes the jobs that it has, and begins none. */
  hold(held: boolean): void {
    if (held === this.held || this.stopping !== undefined) return;
    this.held = held;
    const { log } = this.needs;
    log.info({ held, queue: this.options.queue }, "worker");
    // One after the other: a pause ends with the last job that runs.
    this.holding = this.holding
      .then(() => (held ? this.worker.pause() : this.worker.resume()))
      .catch((err) => log.warn({ err, queue: this.options.queue }, "hold"));
  }

  /**
   * Takes no more jobs, and waits for those that it has: the kubelet ends a process that takes too long. What is left after
   * the last of them has five to ten seconds.
   */
  stop(): Promise<void> {
    this.stopping ??= Promise.race([this.worker.close().then(() => this.queue.close()), this.idle()]);
    return this.stopping;
  }

  /** Resolves once no job has run for `closeMs`. */
  private async idle(): Promise<void> {
    for (let quiet = false; ; ) {
      await sleep(closeMs, undefined, { ref: false });
      if (quiet && this.running === 0) return;
      quiet = this.running === 0;
    }
  }

  private async run(job: Job): Promise<void> {
    const { handlers, metrics, log } = this.needs;
    const queue = this.options.queue;
    const end = metrics.seconds.startTimer({ queue });
    this.running++;
    try {
      const effect = await runJob(this.needs, handlers, String(job.id));
      metrics.jobs.inc({ queue, outcome: effect ? "done" : "again" });
      log.debug({ job: job.id, queue, effect }, "job");
    } catch (error) {
      metrics.jobs.inc({ queue, outcome: "error" });
      throw error;
    } finally {
      this.running--;
      end();
    }
  }

  private async failed(job: Job | undefined, err: Error): Promise<void> {
    const { database, log } = this.needs;
    const last = job !== undefined && job.finishedOn !== undefined;
    log.warn({ err, job: job?.id, queue: this.options.queue, attempt: job?.attemptsMade, last }, "job");
    // Where this fails too, the sweep finds the job.
    if (last) await giveUp(database, String(job.id)).catch(() => undefined);
  }
}

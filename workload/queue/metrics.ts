import type { Queue } from "bullmq";
import type { Cluster } from "ioredis";
import { type Counter, Gauge, type Histogram } from "prom-client";
import type { Metrics } from "../telemetry/metrics";
import { keyOf } from "./names";

/** What a worker counts of its queue. */
export interface QueueMetrics {
  metrics: Metrics;
  seconds: Histogram<"queue">;
  jobs: Counter<"queue" | "outcome">;
}

export function queueMetrics(metrics: Metrics): QueueMetrics {
  return {
    metrics,
    seconds: metrics.histogram("job_duration_seconds", "Duration of a job's run, in seconds.", ["queue"]),
    jobs: metrics.counter(
      "jobs_total",
      "Runs of jobs by queue and outcome: done, again (an earlier run had its effect), error.",
      ["queue", "outcome"],
    ),
  };
}

/** Age of the job that has waited longest, in seconds; 0 without one. */
async function oldestSeconds(queue: Queue, now: number): Promise<number> {
  const first = await Promise.all([queue.getJobs(["waiting"], 0, 0, true), queue.getJobs(["prioritized"], 0, 0, true)]);
  const added = first.flat().map((job) => job.timestamp);
  return added.length === 0 ? 0 : Math.max(0, now - Math.min(...added)) / 1000;
}

/** Reports depth and age of a queue whenever metrics are collected. Says nothing while Redis does not answer. */
export function watchQueue({ metrics }: QueueMetrics, queue: Queue, redis: Cluster, prefix: string): void {
  new Gauge({
    name: "queue_jobs",
    help: "Jobs of the queue by state: waiting, delayed, active.",
    labelNames: ["queue", "state"],
    registers: [metrics.registry],
    async collect() {
      if (redis.status !== "ready") return this.reset();
      const key = (part: string) => keyOf(queue.name, part, prefix);
      const [wait, prioritized, delayed, active] = await Promise.all([
        redis.llen(key("wait")),
        redis.zcard(key("prioritized")),
        redis.zcard(key("delayed")),
        redis.llen(key("active")),
      ]);
      const states = { waiting: wait + prioritized, delayed, active };
      for (const [state, jobs] of Object.entries(states)) this.set({ queue: queue.name, state }, jobs);
    },
  });
  new Gauge({
    name: "queue_oldest_job_seconds",
    help: "Age of the job that has waited longest, in seconds.",
    labelNames: ["queue"],
    registers: [metrics.registry],
    async collect() {
      if (redis.status !== "ready") return this.reset();
      this.set({ queue: queue.name }, await oldestSeconds(queue, Date.now()));
    },
  });
}

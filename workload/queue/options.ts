import type { DefaultJobOptions, JobsOptions, QueueOptions } from "bullmq";

/**
 * Priorities of a job in its queue. `high` and `normal` are in the list that the stack's autoscaler watches: normal ones in
 * their order, a high one in front of all others. `low` are in BullMQ's set of prioritized jobs, which it comes to
 * when the list is empty, and which adds no workers: they use what is there.
 */
export const priorities = {
  high: { lifo: true },
  normal: {},
  low: { priority: 1 },
} as const satisfies Record<string, JobsOptions>;
export type Priority = keyof typeof priorities;

/** States of a job in Postgres. In its queue it has more: there it also waits for its retry, or runs. */
export const jobStates = ["queued", "done", "failed"] as const;
export type JobState = (typeof jobStates)[number];

const day = 24 * 3600;

/** What holds for each job: retries after about 1, 2, 4 and 8 s, each up to half earlier, and a bounded history. */
export const jobOptions = {
  attempts: 5,
  backoff: { type: "exponential", delay: 1000, jitter: 0.5 },
  // Postgres has the result. Redis keeps enough for an operator to look at, because it evicts nothing.
  removeOnComplete: { age: day, count: 1000 },
  removeOnFail: { age: 7 * day, count: 1000 },
} satisfies DefaultJobOptions;

/** Events of a queue are a stream: the last ones only. */
export const streams: QueueOptions["streams"] = { events: { maxLen: 1000 } };

/** How often a job may run again after its worker was lost. A job that kills each worker must come to an end. */
export const maxStalledCount = 5;

import type { DefaultJobOptions, QueueOptions } from "bullmq";

/**
 * Priorities of a job in its queue. BullMQ runs jobs without a number first, in the order in which they came, and the
 * others by their number.
 */
export const priorities = { high: 0, normal: 1, low: 2 } as const;
export type Priority = keyof typeof priorities;

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

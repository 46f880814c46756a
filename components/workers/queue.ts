import type { Capacity } from "../../tiers";
import { spotPodSeconds } from "../../tiers/spot";

/** Priorities of a queue's workers, highest first. */
export const priorities = ["high", "normal", "low"] as const;
export type Priority = (typeof priorities)[number];

/** Time in seconds that a stopping worker has beyond its longest job. */
export const shutdownGraceSeconds = 30;

const spotJobSeconds = spotPodSeconds - shutdownGraceSeconds;

/** Seconds that the longest job of a queue may take: without a setting, and at most. */
export const jobSeconds = {
  "on-demand": { byDefault: 300, max: 3600 },
  spot: { byDefault: spotJobSeconds, max: spotJobSeconds },
} satisfies Record<Capacity, { byDefault: number; max: number }>;

/** A queue and its worker pool. */
export interface Queue {
  /** Name of the queue and of its pool: lower-case letters, digits and dashes. */
  name: string;
  priority: Priority;
  /** Jobs that one worker runs at a time. */
  concurrency: number;
  /** Command of the worker's container. @default the image's */
  command?: string[] | undefined;
  /** Image of its workers. @default the application's */
  image?: string | undefined;
  /** CPU request of a worker, in millicores. @default that of every pool */
  cpuMillicores?: number | undefined;
  /** Memory request and limit of a worker, in MiB. @default that of every pool */
  memoryMiB?: number | undefined;
  /**
   * Capacity that its workers run on. Spot is on-demand where AWS has no spot capacity. No effect on a cluster whose
   * nodes are all alike. @default spot
   */
  capacity?: Capacity | undefined;
  /** Duration of the longest job, in seconds: see `jobSeconds`. */
  maxJobSeconds: number;
  /** Redis list whose length is the number of waiting jobs. @default BullMQ's, with the prefix `{name}` */
  list?: string | undefined;
}

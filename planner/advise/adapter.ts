import type { z } from "zod";

export type Path = readonly PropertyKey[];

/** What an answer becomes: a file of metrics that nobody has checked yet. */
export interface Adapted {
  metrics: unknown;
  /** The place in the answer that a place in the metrics is from. */
  place: (path: Path) => Path;
}

/** Turns what a monitoring system answers into a file of metrics. */
export interface Adapter<Answer = unknown> {
  /** Whether a content looks like an answer of the system. */
  recognises: (content: object) => boolean;
  /** The form of an answer. */
  schema: z.ZodType<Answer>;
  adapt: (answer: Answer) => Adapted;
  /** How a series gets the name of a metric. */
  naming: string;
}

/** A time in seconds since 1970 as ISO 8601. One that no calendar has stays what it is, and is refused as a time. */
export function isoTime(seconds: number): string {
  const date = new Date(Math.round(seconds * 1000));
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}

/** Bounds of the time between two questions for a job, in milliseconds, before the jitter. */
const bounds = { min: 1000, max: 30_000 };

/**
 * Returns how long a caller should wait before it asks for a job again, in milliseconds: a quarter of the job's age, so
 * the times grow by a quarter each, within bounds. Half more or less at random, so that callers who began together spread.
 */
export function pollAfterMs(ageMs: number, random = Math.random()): number {
  const base = Math.min(bounds.max, Math.max(bounds.min, ageMs / 4));
  return Math.round(base * (0.5 + random));
}

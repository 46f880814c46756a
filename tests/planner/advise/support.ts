import type { MetricName, Series } from "../../../planner/advise/metrics";
import { gapsOf } from "../../../planner/advise/window";

export const start = Date.parse("2026-11-20T10:00:00Z");

/** A series of values, a minute apart unless it says otherwise. */
export function series(
  metric: MetricName,
  values: number[],
  { step = 60, of }: { step?: number; of?: string } = {},
): Series {
  const samples = values.map((value, at) => ({ at: start + at * step * 1000, value }));
  return { metric, of, samples, gaps: gapsOf(samples) };
}

/** One value through some minutes. */
export const steady = (metric: MetricName, value: number, minutes = 10, of?: string): Series =>
  series(
    metric,
    Array.from({ length: minutes + 1 }, () => value),
    of === undefined ? {} : { of },
  );

/** One value through a week, every five minutes. */
export const week = (metric: MetricName, value: number, of?: string): Series =>
  series(
    metric,
    Array.from({ length: 7 * 288 + 1 }, () => value),
    { step: 300, ...(of !== undefined && { of }) },
  );

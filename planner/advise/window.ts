/** Periods of a series: how long a condition holds, and where samples are missing. */
import type { Gap, Sample } from "./metrics";

/** How much longer than usual the distance to the next sample may be. Scrapes are late by a little. */
const tolerance = 1.5;

/** The usual distance between two samples, in milliseconds: the median. At least two samples. */
export function stepOf(samples: readonly Pick<Sample, "at">[]): number {
  const distances = samples.slice(1).map(({ at }, before) => at - (samples[before]?.at ?? 0));
  return distances.sort((a, b) => a - b)[Math.floor((distances.length - 1) / 2)] as number;
}

/** Periods of samples in the order of their time that are longer than usual. */
export function gapsOf(samples: readonly Pick<Sample, "at">[]): Gap[] {
  const step = stepOf(samples);
  return samples.slice(1).flatMap(({ at }, before) => {
    const from = samples[before]?.at ?? 0;
    return at - from > tolerance * step ? [{ from, to: at }] : [];
  });
}

/** A period through which a condition held, in milliseconds since 1970, with the values in it. */
export interface Run {
  from: number;
  to: number;
  least: number;
  most: number;
}

export const lengthOf = ({ from, to }: Gap) => to - from;

/**
 * The longest period through which every sample meets a condition, the earliest of several; undefined if none does. It
 * counts from the first sample to the last, and not beyond: nobody knows what was before and after. A gap ends it.
 */
export function longestRun(
  { samples, gaps }: { samples: readonly Sample[]; gaps: readonly Gap[] },
  holds: (value: number) => boolean,
): Run | undefined {
  const afterGap = new Set(gaps.map(({ to }) => to));
  let best: Run | undefined;
  let run: Run | undefined;
  for (const { at, value } of samples) {
    if (!holds(value)) run = undefined;
    else if (run === undefined || afterGap.has(at)) run = { from: at, to: at, least: value, most: value };
    else run = { ...run, to: at, least: Math.min(run.least, value), most: Math.max(run.most, value) };
    if (run && (best === undefined || lengthOf(run) > lengthOf(best))) best = run;
  }
  return best;
}

/** Which rules measured series meet. Pure. */
import { type Series, titleOf, unitsOf } from "./metrics";
import { type Condition, idleQueue, meets, type Rule, rules, tooLarge, unhealthy } from "./rules";
import { lengthOf, longestRun } from "./window";

/** A condition that a series met, with the figures. */
export interface Finding {
  metric: Series["metric"];
  of?: string | undefined;
  condition: Condition;
  /** Start and end of the longest period that meets it, as ISO 8601. */
  from: string;
  to: string;
  minutes: number;
  /** Smallest and largest value in it, in the metric's own unit. */
  least: number;
  most: number;
}

/** A rule that fired, with the series that met it longest. */
export interface Fired extends Finding {
  condition: Rule;
}

const minute = 60_000;

/** The longest period of a series that meets a condition; undefined where it is shorter than the window. */
export function findingOf(condition: Condition, series: Series): Finding | undefined {
  const run = longestRun(series, (value) => meets(condition, value));
  if (!run || lengthOf(run) < condition.minutes * minute) return undefined;
  return {
    metric: series.metric,
    of: series.of,
    condition,
    from: new Date(run.from).toISOString(),
    to: new Date(run.to).toISOString(),
    minutes: lengthOf(run) / minute,
    least: run.least,
    most: run.most,
  };
}

const seriesOf = (all: readonly Series[], { metric }: Condition) => all.filter((one) => one.metric === metric);

/** The findings of a condition, the longest first. */
const findingsOf = (condition: Condition, all: readonly Series[]): Finding[] =>
  seriesOf(all, condition)
    .flatMap((series) => findingOf(condition, series) ?? [])
    .sort((a, b) => b.minutes - a.minutes);

/** The rules that fire, in their order. */
export const firedRules = (all: readonly Series[]): Fired[] =>
  rules.flatMap((rule) => {
    const [longest] = findingsOf(rule, all);
    return longest ? [{ ...longest, condition: rule }] : [];
  });

/** What every series of a metric meets through all that was measured; undefined where one does not. */
function throughout(condition: Condition, all: readonly Series[]): Finding[] | undefined {
  const findings = seriesOf(all, condition).map((series) => {
    const finding = findingOf(condition, series);
    return series.samples.every(({ value }) => meets(condition, value)) ? finding : undefined;
  });
  return findings.length > 0 && findings.every((one) => one !== undefined) ? (findings as Finding[]) : undefined;
}

/** The findings that make a tier too large; undefined where one of its conditions does not hold, or is not measured. */
export function idleTier(all: readonly Series[]): Finding[] | undefined {
  const findings = tooLarge.map((condition) => throughout(condition, all));
  return findings.every((one) => one !== undefined) ? findings.flatMap((one) => one as Finding[]) : undefined;
}

/** The rule of fewer workers, where it fires. */
export function idleWorkers(all: readonly Series[]): Fired | undefined {
  const [finding] = throughout(idleQueue, all) ?? [];
  return finding && { ...finding, condition: idleQueue };
}

/** What is not healthy, by rules that ask for nothing yet. */
export const watched = (all: readonly Series[]): Finding[] =>
  unhealthy.flatMap((one) => findingsOf(one, all).slice(0, 1));

/** Largest value of a metric, over all its series; undefined where it was not measured. */
export function peakOf(all: readonly Series[], metric: Series["metric"]): number | undefined {
  const values = all.filter((one) => one.metric === metric).flatMap(({ samples }) => samples.map(({ value }) => value));
  return values.length === 0 ? undefined : values.reduce((most, value) => Math.max(most, value));
}

/** Rules that nothing was measured for, or not long enough, and gaps: what the answer does not know. */
export interface Unknown {
  /** Metrics of rules that no series has. */
  notMeasured: Series["metric"][];
  /** Series shorter than the window of a rule, with their length. */
  tooShort: { series: string; minutes: number; needed: number }[];
  /** Windows start again after a gap. */
  gaps: { series: string; from: string; to: string }[];
  /** Series of percent without a value above 1, whose unit nobody gave: they may be shares. */
  perhapsShares: string[];
}

/** Whether values that are taken as percent look like shares: some are above 0, and none is above 1. */
function mayBeShares({ metric, unitAssumed, samples }: Series): boolean {
  const most = samples.reduce((largest, { value }) => Math.max(largest, value), 0);
  return unitAssumed === true && unitsOf(metric)[0] === "percent" && most > 0 && most <= 1;
}

export function unknownOf(all: readonly Series[]): Unknown {
  const needed = [...new Set(rules.map(({ metric }) => metric))];
  return {
    notMeasured: needed.filter((metric) => all.every((series) => series.metric !== metric)),
    tooShort: all.flatMap((series) => {
      const minutes = ((series.samples.at(-1)?.at ?? 0) - (series.samples[0]?.at ?? 0)) / minute;
      const longest = Math.max(
        0,
        ...rules.filter(({ metric }) => metric === series.metric).map((rule) => rule.minutes),
      );
      return minutes < longest ? [{ series: titleOf(series), minutes, needed: longest }] : [];
    }),
    gaps: all.flatMap((series) =>
      series.gaps.map(({ from, to }) => ({
        series: titleOf(series),
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
      })),
    ),
    perhapsShares: all.filter(mayBeShares).map(titleOf),
  };
}

import { z } from "zod";
import type { CustomParams } from "../forms/form";
import { isMapping } from "../record/values";
import { type MetricName, metricInfo, metricNames, unitsOf } from "./metrics";
import { gapsOf, lengthOf, stepOf } from "./window";

/** Length of the windows of most rules, in minutes. */
export const windowMinutes = 10;

/** Longest distance between two samples, in seconds: the shortest window must have two. */
const longestStepSeconds = 300;

const sampleSchema = z.strictObject({
  /** ISO 8601 with an offset, or Z. */
  time: z.iso.datetime({ offset: true, error: "a time such as 2026-11-20T10:00:00Z" }),
  /** From 0. */
  value: z.number().min(0),
});

type Add = (path: PropertyKey[], message: string, params: CustomParams) => void;

/** A unit that is not the metric's, or values that are none of the unit. */
function checkUnit(metric: MetricName, unit: string, values: number[], add: Add): void {
  const units = unitsOf(metric);
  if (!units.includes(unit)) {
    add(["unit"], units.join(", "), { given: JSON.stringify(unit), fix: "convert the values, or correct the unit" });
    return;
  }
  const { most, units: factors } = metricInfo(metric);
  const factor = factors[unit];
  if (most === undefined || typeof factor !== "number") return;
  const largest = most / factor;
  values.forEach((value, at) => {
    // What is no number has a problem already.
    if (typeof value === "number" && value > largest)
      add(["samples", at, "value"], `at most ${largest} (${unit})`, {
        given: String(value),
        fix: "correct the query, or the unit",
      });
  });
}

/** Times that are not in order, or too far apart to tell how long a condition holds. */
function checkTimes(times: number[], texts: string[], add: Add): void {
  // What is no time has a problem already.
  if (times.some(Number.isNaN)) return;
  let inOrder = true;
  times.forEach((time, at) => {
    const before = times[at - 1];
    if (before === undefined || time > before) return;
    inOrder = false;
    const given = `${texts[at]} after ${texts[at - 1]}`;
    if (time === before) add(["samples", at, "time"], "each time once", { given, fix: "keep one sample of each time" });
    else add(["samples", at, "time"], "the earlier sample first", { given, fix: "sort the samples by time" });
  });
  if (!inOrder) return;
  const samples = times.map((at) => ({ at }));
  const step = stepOf(samples) / 1000;
  if (step > longestStepSeconds) {
    const fix = `query it with a step or period of ${longestStepSeconds} s or less`;
    add(["samples"], `one every ${longestStepSeconds} s or more often`, { given: `a sample every ${step} s`, fix });
    return;
  }
  const long = gapsOf(samples).filter((gap) => lengthOf(gap) > windowMinutes * 60_000);
  for (const { from, to } of long) {
    const at = times.indexOf(to);
    add(["samples", at, "time"], `at most ${windowMinutes} minutes without a sample`, {
      given: `a gap of ${Math.round((to - from) / 60_000)} minutes after ${texts[at - 1]}`,
      fix: "give the period before it or the one after it",
    });
  }
}

const plainSeriesSchema = z.strictObject({
  metric: z.enum(metricNames),
  /** What was measured, where there are several: a node, a shard, a queue. */
  of: z.string().min(1).optional(),
  /** @default the metric's own */
  unit: z.string().optional(),
  /** In the order of their time. */
  samples: z.array(sampleSchema).min(2),
});
type PlainSeries = z.output<typeof plainSeriesSchema>;

/** Whether there is enough of a series to check its times and its unit, whatever else is wrong with it. */
const isChecked = (value: unknown): value is PlainSeries =>
  isMapping(value) &&
  (metricNames as unknown[]).includes(value.metric) &&
  (value.unit === undefined || typeof value.unit === "string") &&
  Array.isArray(value.samples) &&
  value.samples.length > 1 &&
  value.samples.every((sample) => isMapping(sample) && typeof sample.time === "string");

const seriesSchema = plainSeriesSchema.superRefine(
  ({ metric, unit = unitsOf(metric)[0], samples }, context) => {
    const add: Add = (path, message, params) =>
      context.addIssue({ code: "custom", path, message, params: { ...params } });
    const values = samples.map(({ value }) => value);
    checkUnit(metric, unit, values, add);
    const texts = samples.map(({ time }) => time);
    checkTimes(texts.map(Date.parse), texts, add);
  },
  // So that everything wrong with a series is told at once.
  { when: ({ value }) => isChecked(value) },
);

/** The form of a file of measured metrics (docs/advise.md). */
export const metricsSchema = z.strictObject({
  version: z.literal(1),
  /** The stack that was measured. */
  stack: z.string().min(1).optional(),
  series: z.array(seriesSchema).min(1),
});

/** The content of a file of measured metrics. */
export type MetricsFile = z.output<typeof metricsSchema>;

/** What a load test must keep: the service targets, and what the advisor calls healthy. */
import { thresholds as figures } from "../../tiers/thresholds";
import { unhealthy } from "../advise/rules";
import type { Figures } from "./recorder";

export interface Threshold {
  name: string;
  /** Figures below it are fine. */
  below: number;
  unit: "ms" | "share";
  of: (figures: Figures) => number | null;
  source: string;
}

const errors = unhealthy.find(({ metric }) => metric === "app.errors");
if (!errors)
  throw new Error("planner/advise/rules.ts has no healthy share of errors; fix: add app.errors to unhealthy");

export const thresholds: readonly Threshold[] = [
  {
    name: "p95",
    below: figures.target.p95Ms,
    unit: "ms",
    of: ({ p95 }) => p95,
    source: `service target: API p95 < ${figures.target.p95Ms} ms`,
  },
  {
    name: "errors",
    below: errors.threshold / 100,
    unit: "share",
    of: ({ errors: share }) => share,
    source: errors.source,
  },
];

/** A threshold with what was measured. */
export interface Verdict {
  name: string;
  below: number;
  unit: Threshold["unit"];
  measured: number | null;
  kept: boolean;
  source: string;
}

/** Judges figures by every threshold. Figures of no request keep none. */
export const judged = (figures: Figures): Verdict[] =>
  thresholds.map(({ of, ...threshold }) => {
    const measured = figures.offered === 0 ? null : of(figures);
    return { ...threshold, measured, kept: measured !== null && measured < threshold.below };
  });

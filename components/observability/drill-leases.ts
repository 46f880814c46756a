import type { PostgresPlace } from "../../tiers";

/**
 * The Leases in which drills keep what they measured. `npm run drill` writes them, rules and dashboards read what
 * kube-state-metrics exports of them: of a Lease, that is its `renewTime` alone. So each figure has a Lease of its own, and
 * a duration is a time since 1970.
 */
export const drillFigures = ["verified", "last", "rto", "rpo"] as const;

/**
 * `verified`: end of the last run that went as predicted. `last`: end of the last run. `rto` and `rpo`: what the last run measured.
 */
export type DrillFigure = (typeof drillFigures)[number];

/** Name of the Lease of a drill such as `failover-postgres`, with one of its figures. */
export const drillLease = (drill: string, figure: DrillFigure): string =>
  figure === "verified" ? `drill-${drill}` : `drill-${drill}-${figure}`;

/** What the drill `restore` is kept as, by the place of Postgres: a backup of one says nothing of those of the other. */
export const restoreDrills: Record<PostgresPlace, string> = { cluster: "restore", managed: "restore-rds" };

/** Annotations of the Lease `verified`: all of the last run, for people and for `npm run ops -- status`. */
export const drillAnnotations = {
  /** What to type after `npm run drill --`, without the stack. */
  command: "tierstack.dev/drill-command",
  /** End of the last run. */
  ended: "tierstack.dev/drill-ended",
  /** `as predicted` or `not as predicted`. */
  outcome: "tierstack.dev/drill-outcome",
  /** What was not as predicted. Absent where all was. */
  wrong: "tierstack.dev/drill-wrong",
  /** Whole seconds. Absent where the run could not see it. */
  rtoSeconds: "tierstack.dev/drill-rto-seconds",
  rpoSeconds: "tierstack.dev/drill-rpo-seconds",
} as const;

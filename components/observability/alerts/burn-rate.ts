import { type AlertRule, type Inhibition, type Severity, sameIn } from "./rule";

/**
 * Service targets as burn rates. A target lets a share of what happens be bad: its budget of 30 days. A burn rate of 1 uses
 * the budget up in that time. The pairs of windows and rates are those of the SRE workbook's chapter "Alerting on SLOs": the
 * long window makes sure that it matters, the short one that it still goes on.
 */
interface Pair {
  long: string;
  short: string;
  rate: number;
}

export const burnRates = {
  /** 2 % of the budget in an hour, or 5 % in six. */
  fast: [
    { long: "1h", short: "5m", rate: 14.4 },
    { long: "6h", short: "30m", rate: 6 },
  ],
  /** 10 % of the budget in a day, or in three. */
  slow: [
    { long: "1d", short: "2h", rate: 3 },
    { long: "3d", short: "6h", rate: 1 },
  ],
} as const satisfies Record<string, readonly Pair[]>;

/** Below so many events in the long window, one of them says nothing. */
const leastEvents = 50;

export interface Target {
  /** Labels that tell its instances apart. */
  by: string;
  /** All events: a counter with its selector. */
  all: string;
  /** Those that are good, or those that are bad. */
  part: { good: string } | { bad: string };
  /** Share that may be bad, from 0 to 1. */
  budget: number;
}

const rate = (by: string, counter: string, window: string) => `sum by (${by}) (rate(${counter}[${window}]))`;

/** Share of bad events in a window. */
function bad({ by, all, part }: Target, window: string): string {
  const total = rate(by, all, window);
  return "bad" in part ? `${rate(by, part.bad, window)} / ${total}` : `1 - ${rate(by, part.good, window)} / ${total}`;
}

/** Percent of bad events in the short window, where one of the pairs burns too fast. */
export function burns(target: Target, speed: keyof typeof burnRates): string {
  const pairs = burnRates[speed].map(({ long, short, rate: factor }) => {
    const limit = Number((100 * factor * target.budget).toPrecision(6));
    const over = (window: string) => `100 * (${bad(target, window)}) > ${limit}`;
    const enough = `sum by (${target.by}) (increase(${target.all}[${long}])) >= ${leastEvents}`;
    return `(${over(short)} and ${over(long)} and ${enough})`;
  });
  return pairs.join(" or ");
}

/** How the thresholds follow from the target. */
export const burnSource = (speed: keyof typeof burnRates, budget: number) => {
  const parts = burnRates[speed].map(
    ({ long, short, rate: factor }) =>
      `${Number((100 * factor * budget).toPrecision(3))} % in ${long} and in ${short} (${factor} times the budget)`,
  );
  return `${parts.join(", or ")}; at least ${leastEvents} in the long window`;
};

interface PercentileTarget extends Pick<AlertRule, "service" | "summary" | "act"> {
  /** The names of both rules begin with it. */
  name: string;
  /** Severity of the fast burn. The slow one is a warning. */
  severity: Severity;
  /** Labels that tell its instances apart. */
  by: string;
  histogram: string;
  /** Selector of its series, without braces. */
  selector: string;
  /** The target, which must be the bound of a bucket. */
  seconds: number;
  /** The target in words, with its source. */
  source: string;
  /** What hides both rules. */
  inhibitedBy: Inhibition[];
  /** What else hides the slow burn, beside the fast one. @default nothing */
  slowInhibitedBy?: Inhibition[];
}

/** Returns the rules of a 95th percentile: 5 % may take longer. */
export function percentileRules(args: PercentileTarget): AlertRule[] {
  const {
    name,
    severity,
    by,
    histogram,
    selector,
    seconds,
    source,
    inhibitedBy,
    slowInhibitedBy = [],
    ...shared
  } = args;
  const target: Target = {
    by,
    all: `${histogram}_count{${selector}}`,
    part: { good: `${histogram}_bucket{${selector},le="${seconds}"}` },
    budget: 0.05,
  };
  const burning = (speed: keyof typeof burnRates) => ({
    ...shared,
    expr: burns(target, speed),
    source: `${source}, so ${burnSource(speed, target.budget)}`,
  });
  const fast = `${name}BurnsFast`;
  return [
    { ...burning("fast"), name: fast, severity, inhibitedBy },
    {
      ...burning("slow"),
      name: `${name}BurnsSlowly`,
      severity: "warning",
      inhibitedBy: [...slowInhibitedBy, sameIn(by, fast), ...inhibitedBy],
    },
  ];
}

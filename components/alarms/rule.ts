/** What an alarm is, and the forms that several kinds of what is watched share. */
import type * as pulumi from "@pulumi/pulumi";
import { thresholds } from "../../tiers/thresholds";
import type { Watched } from "../support/watched";

interface Metric {
  /** Undefined for the namespace of what is watched. */
  namespace: string | undefined;
  metric: string;
  statistic: "Average" | "Maximum" | "Minimum" | "Sum" | "p95";
}

/** A figure calculated from metrics, by their ids in the expression. */
interface Calculated {
  expression: string;
  metrics: Record<string, Metric>;
}

export interface AlarmRule {
  /** Part of the alarm's name and of its URN. It never changes. */
  name: string;
  of: Metric | Calculated;
  is: ">" | "<" | ">=";
  threshold: number | ((watched: Watched) => pulumi.Input<number>);
  /** The threshold in words, with its unit. */
  limit: string;
  /** Length of a period, and how many in a row are beyond the threshold, in minutes. */
  period: number;
  periods: number;
  /** What a period without data counts as. `ignore` keeps the state. */
  missing: "breaching" | "notBreaching" | "ignore";
  /** Only for some of its kind. @default for all */
  when?: (watched: Watched) => boolean;
  /** What is wrong when it fires. */
  says: string;
  /** What to look at first. */
  look: string;
}

const { alarm, replication, tierStep } = thresholds;

export const metric = (namespace: string | undefined, name: string, statistic: Metric["statistic"]): Metric => ({
  namespace,
  metric: name,
  statistic,
});

/**
 * A metric, with a value for periods without data. Without it the alarm goes by the last data that it finds, which it looks for
 * further back than its periods: one of three periods of five minutes would fire ten minutes later (CloudWatch User Guide, "How
 * alarm state is evaluated when data is missing"). A metric without any data at all has nothing to fill.
 */
export const filled = (id: string, of: Metric, value: number): Calculated => ({
  expression: `FILL(${id}, ${value})`,
  metrics: { [id]: of },
});

/** Periods of five minutes that are as long as CPU must be high (`tierStep.cpuMinutes`). */
export const inFives = { period: 5, periods: tierStep.cpuMinutes / 5 };

export const percent = (figure: number) => `${figure} %`;

/** The CPU of a node or a database, or of the engine of a cache. */
export const cpu = (namespace: string, name: string, look: string): AlarmRule => ({
  name: "cpu",
  of: metric(namespace, name, "Average"),
  is: ">",
  threshold: alarm.cpu,
  limit: percent(alarm.cpu),
  ...inFives,
  missing: "notBreaching",
  says: `The CPU is above ${percent(alarm.cpu)}.`,
  look,
});

/** Credits of CPU that are as good as none: a vCPU uses one a minute. */
const fewCredits = 10;

/** A new burstable instance starts without credits, and has these after half an hour of little work. */
export const credits = (namespace: string, look: string): AlarmRule => ({
  name: "credits",
  of: metric(namespace, "CPUCreditBalance", "Maximum"),
  is: "<",
  threshold: fewCredits,
  limit: `${fewCredits} credits`,
  period: 5,
  periods: 12,
  missing: "notBreaching",
  when: ({ burstable = false }) => burstable,
  says: `Fewer than ${fewCredits} CPU credits are left.`,
  look,
});

/** How far a copy is behind. */
export const lag = (own: Pick<AlarmRule, "of" | "period" | "periods" | "look">): AlarmRule => ({
  name: "lag",
  is: ">",
  threshold: replication.lagSeconds,
  limit: `${replication.lagSeconds} s`,
  missing: "notBreaching",
  when: ({ replica = false }) => replica,
  says: `The replica is more than ${replication.lagSeconds} s behind.`,
  ...own,
});

export const errorRate = {
  is: ">",
  threshold: alarm.errors,
  limit: percent(alarm.errors),
  ...inFives,
  missing: "notBreaching",
} as const satisfies Partial<AlarmRule>;

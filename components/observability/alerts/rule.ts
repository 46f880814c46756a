/** What a rule is, and the parts that several share. */
import type { Job } from "../jobs";

/**
 * How soon somebody must act: `critical` now, because users notice or data is at risk; `warning` within the day. `none`
 * mails nobody: it silences others, or shows that the chain works.
 */
export type Severity = "critical" | "warning" | "none";

/** What an alert is about. Mails are grouped by it. */
export type Service =
  | "application"
  | "queues"
  | "database"
  | "pooler"
  | "cache"
  | "nodes"
  | "kubernetes"
  | "certificates"
  | "monitoring";

/** An alert that hides another: its cause, or the same at a higher threshold. */
export interface Inhibition {
  alert: string;
  /** Labels that must have the same values in both. None: one cause, wherever the effect shows. */
  equal: string[];
}

export interface AlertRule {
  /** Unique. In docs/alerts.md it is the heading of the runbook. */
  name: string;
  service: Service;
  severity: Severity;
  /** PromQL. Every metric of it names its job. */
  expr: string;
  /** How long it must hold, as a duration of Prometheus. @default at once */
  for?: string;
  /** How long it goes on firing without it, where its series may be missing for a while. @default not at all */
  keepFiringFor?: string;
  /** One line with the figure: the subject of the mail. A template of Prometheus. */
  summary: string;
  /** Where the threshold comes from; "assumed" and why, where the guides give none. */
  source: string;
  /** What to look at and what to do, a sentence a step. */
  act: string[];
  inhibitedBy?: Inhibition[];
}

/** A cause that hides its effects wherever they show. */
export const cause = (alert: string): Inhibition => ({ alert, equal: [] });

/** An alert that hides another where both have the same values of labels, such as `namespace, pod`. */
export const sameIn = (labels: string, alert: string): Inhibition => ({ alert, equal: labels.split(", ") });

/** The figure in a summary: a whole number. */
export const value = '{{ printf "%.0f" $value }}';

/** The figure with one decimal: shares, gigabytes, days. */
export const decimal = '{{ printf "%.1f" $value }}';

/** A value of a label in a summary. */
export const label = (name: string) => `{{ $labels.${name} }}`;

const jobPattern = /\bjob=~?"([a-z|-]+)"/g;

/** The jobs whose metrics a rule reads. */
export const jobsOf = ({ expr }: Pick<AlertRule, "expr">): Job[] => [
  ...new Set([...expr.matchAll(jobPattern)].flatMap(([, named = ""]) => named.split("|") as Job[])),
];

/** Words of PromQL that are no metrics, beside functions. */
const words = new Set(["and", "or", "unless", "on", "ignoring", "group_left", "group_right", "by", "without", "bool"]);

/** The metrics that an expression of the rules reads: names that are no function, word, label or part of a text. */
export function metricsOf(expr: string): string[] {
  const bare = expr
    .replace(/"[^"]*"/g, "")
    .replace(/\{[^}]*\}/g, "")
    .replace(/\[[^\]]*\]/g, "")
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, "");
  const names = [...bare.matchAll(/(?<![\w.])[a-zA-Z_:][\w:]*(?![\w:]*\s*\()/g)].map(([name]) => name);
  return [...new Set(names.filter((name) => !words.has(name)))];
}

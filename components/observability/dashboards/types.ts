import type { Job } from "../jobs";

/** What the values of a panel are, with Grafana's name of the unit. */
export const units = {
  seconds: "s",
  hours: "h",
  days: "d",
  share: "percentunit",
  count: "short",
  "per second": "ops",
  bytes: "bytes",
  "bytes a second": "Bps",
  cores: "none",
  USD: "currencyUSD",
} as const;

export type Unit = keyof typeof units;

/** A query of PromQL, with the name of its series: `{{label}}` stands for the value of a label. */
export interface Query {
  expr: string;
  legend: string;
}

export interface Panel {
  title: string;
  /** How to read it, in a sentence or two. */
  description: string;
  unit: Unit;
  /** `figure`: the value now; `lines`: values over time; `bars`: the values now beside each other. */
  kind: "figure" | "lines" | "bars";
  queries: readonly Query[];
  /** The value from which on it is not well, in its unit; `side` says on which side of it. */
  limit?: { at: number; side: "above" | "below" };
}

export interface Row {
  title: string;
  panels: readonly Panel[];
}

/** Figures that the stack knows and no exporter has, by the name of their variable. */
export const constants = ["expectedUsd", "budgetUsd"] as const;

export type Constant = (typeof constants)[number];

/** A choice at the top of a dashboard: the values of a label. All of them at first. */
export interface Choice {
  name: "namespace" | "queue";
  /** The series whose label is read. */
  series: string;
}

export interface Dashboard {
  /** Name of its file and part of its address. */
  name: string;
  title: string;
  description: string;
  choices: readonly Choice[];
  rows: readonly Row[];
}

/** A metric with the job that exports it. */
export interface Need {
  job: Job;
  metric: string;
}

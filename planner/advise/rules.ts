/**
 * When to change what, as data. The thresholds are those that the product scales by. Of the windows they give one, that of
 * the CPU of the tier step: the source names it. The others are assumed.
 */
import type { MetricName } from "./metrics";
import { windowMinutes } from "./schema";

/** What a rule may ask for: another tier, or a single setting (planner/advise/levers.ts). */
export type Lever =
  | "tier"
  | "node"
  | "pods"
  | "database"
  | "replica"
  | "pool"
  | "cache"
  | "shards"
  | "workers"
  | "fewer-workers";

const comparisons = {
  ">": (value: number, threshold: number) => value > threshold,
  ">=": (value: number, threshold: number) => value >= threshold,
  "<": (value: number, threshold: number) => value < threshold,
};

/** A metric beyond a threshold through a whole window. */
export interface Condition {
  metric: MetricName;
  is: keyof typeof comparisons;
  /** In the metric's own unit. */
  threshold: number;
  /** Length of the window. */
  minutes: number;
  source: string;
}

/** Whether a value meets a condition. */
export const meets = ({ is, threshold }: Condition, value: number) => comparisons[is](value, threshold);

export interface Rule extends Condition {
  name: string;
  /** What it asks for, the first choice first. "busiest" is the lever of the busiest resource. */
  asks: (Lever | "busiest")[];
}

/** Half a window, where a whole one asks for a tier. */
const halfWindow = windowMinutes / 2;
/** A week, so that a quiet weekend alone says nothing. */
const longWindow = 7 * 24 * 60;

const tierStep = "tier step";
const verticalStep = "vertical step";

/** The rules. The first one that fires decides. */
export const rules: Rule[] = [
  {
    name: "nodes-busy",
    metric: "node.cpu",
    is: ">",
    threshold: 80,
    minutes: windowMinutes,
    asks: ["tier", "node"],
    source: `${tierStep}: CPU > 80 % for 10 minutes`,
  },
  {
    name: "nodes-full",
    metric: "node.memory",
    is: ">",
    threshold: 90,
    minutes: windowMinutes,
    asks: ["tier", "node"],
    source: `${tierStep}: memory > 90 %`,
  },
  {
    name: "answers-very-slow",
    metric: "app.p95",
    is: ">",
    threshold: 1000,
    minutes: windowMinutes,
    asks: ["tier", "busiest"],
    source: `${tierStep}: p95 > 1 s`,
  },
  {
    name: "connections-scarce",
    metric: "database.connections",
    is: ">",
    threshold: 90,
    minutes: windowMinutes,
    asks: ["tier", "database"],
    source: `${tierStep}: connections > 90 %`,
  },
  {
    name: "errors",
    metric: "app.errors",
    is: ">",
    threshold: 5,
    minutes: windowMinutes,
    asks: ["tier", "busiest"],
    source: `${tierStep}: errors > 5 %`,
  },
  {
    name: "reads",
    metric: "database.cpu",
    is: ">",
    threshold: 70,
    minutes: windowMinutes,
    asks: ["replica", "database", "tier"],
    source: "read replica: database CPU > 70 %",
  },
  {
    name: "database-full",
    metric: "database.memory",
    is: ">",
    threshold: 85,
    minutes: windowMinutes,
    asks: ["database", "tier"],
    source: `${verticalStep}: memory > 85 %`,
  },
  {
    name: "shards-busy",
    metric: "redis.cpu",
    is: ">",
    threshold: 80,
    minutes: windowMinutes,
    asks: ["shards", "tier"],
    source: "Redis cluster: CPU > 80 %",
  },
  {
    name: "shards-large",
    metric: "redis.data",
    is: ">",
    threshold: 4,
    minutes: windowMinutes,
    asks: ["shards", "tier"],
    source: "Redis cluster: memory > 4 GB",
  },
  {
    name: "shards-full",
    metric: "redis.memory",
    is: ">",
    threshold: 85,
    minutes: windowMinutes,
    asks: ["cache", "shards", "tier"],
    source: `${verticalStep}: memory > 85 %`,
  },
  {
    name: "pool-empty",
    metric: "pool.connections",
    is: ">=",
    threshold: 100,
    minutes: windowMinutes,
    asks: ["pool", "database", "tier"],
    source: `${verticalStep}: connections at the maximum`,
  },
  {
    name: "nodes-peak",
    metric: "node.cpu",
    is: ">",
    threshold: 80,
    minutes: halfWindow,
    asks: ["node", "tier"],
    source: `${verticalStep}: CPU > 80 %`,
  },
  {
    name: "nodes-nearly-full",
    metric: "node.memory",
    is: ">",
    threshold: 85,
    minutes: windowMinutes,
    asks: ["node", "tier"],
    source: `${verticalStep}: memory > 85 %`,
  },
  {
    name: "answers-slow",
    metric: "app.p95",
    is: ">",
    threshold: 500,
    minutes: windowMinutes,
    asks: ["busiest", "tier"],
    source: `${verticalStep}: p95 > 500 ms`,
  },
  {
    name: "jobs-wait",
    metric: "queue.waiting",
    is: ">",
    threshold: 100,
    minutes: windowMinutes,
    asks: ["workers", "tier"],
    source: "workers: queue > 100 -> 5",
  },
];

/** Fewer workers, where a queue is short through all that was measured. */
export const idleQueue: Rule = {
  name: "jobs-few",
  metric: "queue.waiting",
  is: "<",
  threshold: 10,
  minutes: longWindow,
  asks: ["fewer-workers"],
  source: "workers: queue < 10 -> 1",
};

/** A tier is too large where all of these hold through all that was measured, and the tier below carries the requests. */
export const tooLarge: Condition[] = (["node.cpu", "database.cpu"] as const).map((metric) => ({
  metric,
  is: "<",
  threshold: 30,
  minutes: longWindow,
  source: "autoscaling: in below 30 % CPU; for a whole tier assumed",
}));

/** What is not healthy, and what relieves it. The CPU of a shard is one thread's, so a larger node does not. */
export const unhealthy: (Condition & { relief: Lever | "busiest" })[] = (
  [
    ["node.cpu", 70, "CPU < 70 %", "node"],
    ["node.memory", 80, "memory < 80 %", "node"],
    ["app.p95", 500, "p95 < 500 ms", "busiest"],
    ["app.errors", 1, "errors < 1 %", "busiest"],
    ["database.cpu", 70, "CPU < 70 %", "database"],
    ["database.memory", 80, "memory < 80 %", "database"],
    ["database.connections", 80, "connections < 80 %", "database"],
    ["pool.connections", 80, "connections < 80 %", "pool"],
    ["redis.cpu", 70, "CPU < 70 %", "shards"],
    ["redis.memory", 80, "memory < 80 %", "cache"],
  ] as const
).map(([metric, threshold, healthy, relief]) => ({
  metric,
  is: ">=",
  threshold,
  minutes: windowMinutes,
  source: `healthy: ${healthy}`,
  relief,
}));

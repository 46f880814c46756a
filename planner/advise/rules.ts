/**
 * When to change what, as data. The thresholds are those that the product scales by. Of the windows they give one, that of
 * the CPU of the tier step: the source names it. The others are assumed.
 */
import { thresholds } from "../../tiers/thresholds";
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

const { healthy, verticalStep, tierStep, readReplica, redisCluster, queue, scaleIn } = thresholds;
const ofTierStep = "tier step";
const ofVerticalStep = "vertical step";

/** The rules. The first one that fires decides. */
export const rules: Rule[] = [
  {
    name: "nodes-busy",
    metric: "node.cpu",
    is: ">",
    threshold: tierStep.cpu,
    minutes: windowMinutes,
    asks: ["tier", "node"],
    source: `${ofTierStep}: CPU > ${tierStep.cpu} % for ${tierStep.cpuMinutes} minutes`,
  },
  {
    name: "nodes-full",
    metric: "node.memory",
    is: ">",
    threshold: tierStep.memory,
    minutes: windowMinutes,
    asks: ["tier", "node"],
    source: `${ofTierStep}: memory > ${tierStep.memory} %`,
  },
  {
    name: "answers-very-slow",
    metric: "app.p95",
    is: ">",
    threshold: tierStep.p95Ms,
    minutes: windowMinutes,
    asks: ["tier", "busiest"],
    source: `${ofTierStep}: p95 > ${tierStep.p95Ms / 1000} s`,
  },
  {
    name: "connections-scarce",
    metric: "database.connections",
    is: ">",
    threshold: tierStep.connections,
    minutes: windowMinutes,
    asks: ["tier", "database"],
    source: `${ofTierStep}: connections > ${tierStep.connections} %`,
  },
  {
    name: "errors",
    metric: "app.errors",
    is: ">",
    threshold: tierStep.errors,
    minutes: windowMinutes,
    asks: ["tier", "busiest"],
    source: `${ofTierStep}: errors > ${tierStep.errors} %`,
  },
  {
    name: "reads",
    metric: "database.cpu",
    is: ">",
    threshold: readReplica.cpu,
    minutes: windowMinutes,
    asks: ["replica", "database", "tier"],
    source: `read replica: database CPU > ${readReplica.cpu} %`,
  },
  {
    name: "database-full",
    metric: "database.memory",
    is: ">",
    threshold: verticalStep.memory,
    minutes: windowMinutes,
    asks: ["database", "tier"],
    source: `${ofVerticalStep}: memory > ${verticalStep.memory} %`,
  },
  {
    name: "shards-busy",
    metric: "redis.cpu",
    is: ">",
    threshold: redisCluster.cpu,
    minutes: windowMinutes,
    asks: ["shards", "tier"],
    source: `Redis cluster: CPU > ${redisCluster.cpu} %`,
  },
  {
    name: "shards-large",
    metric: "redis.data",
    is: ">",
    threshold: redisCluster.dataGB,
    minutes: windowMinutes,
    asks: ["shards", "tier"],
    source: `Redis cluster: memory > ${redisCluster.dataGB} GB`,
  },
  {
    name: "shards-full",
    metric: "redis.memory",
    is: ">",
    threshold: verticalStep.memory,
    minutes: windowMinutes,
    asks: ["cache", "shards", "tier"],
    source: `${ofVerticalStep}: memory > ${verticalStep.memory} %`,
  },
  {
    name: "pool-empty",
    metric: "pool.connections",
    is: ">=",
    threshold: verticalStep.connections,
    minutes: windowMinutes,
    asks: ["pool", "database", "tier"],
    source: `${ofVerticalStep}: connections at the maximum`,
  },
  {
    name: "nodes-peak",
    metric: "node.cpu",
    is: ">",
    threshold: verticalStep.cpu,
    minutes: halfWindow,
    asks: ["node", "tier"],
    source: `${ofVerticalStep}: CPU > ${verticalStep.cpu} %`,
  },
  {
    name: "nodes-nearly-full",
    metric: "node.memory",
    is: ">",
    threshold: verticalStep.memory,
    minutes: windowMinutes,
    asks: ["node", "tier"],
    source: `${ofVerticalStep}: memory > ${verticalStep.memory} %`,
  },
  {
    name: "answers-slow",
    metric: "app.p95",
    is: ">",
    threshold: verticalStep.p95Ms,
    minutes: windowMinutes,
    asks: ["busiest", "tier"],
    source: `${ofVerticalStep}: p95 > ${verticalStep.p95Ms} ms`,
  },
  {
    name: "jobs-wait",
    metric: "queue.waiting",
    is: ">",
    threshold: queue.high,
    minutes: windowMinutes,
    asks: ["workers", "tier"],
    source: `workers: queue > ${queue.high} -> 5`,
  },
];

/** Fewer workers, where a queue is short through all that was measured. */
export const idleQueue: Rule = {
  name: "jobs-few",
  metric: "queue.waiting",
  is: "<",
  threshold: queue.low,
  minutes: longWindow,
  asks: ["fewer-workers"],
  source: `workers: queue < ${queue.low} -> 1`,
};

/** A tier is too large where all of these hold through all that was measured, and the tier below carries the requests. */
export const tooLarge: Condition[] = (["node.cpu", "database.cpu"] as const).map((metric) => ({
  metric,
  is: "<",
  threshold: scaleIn.cpu,
  minutes: longWindow,
  source: `autoscaling: in below ${scaleIn.cpu} % CPU; for a whole tier assumed`,
}));

const below = (name: string, figure: number, unit: string) => ({
  below: figure,
  what: `${name} < ${figure} ${unit}`,
});
const cpu = below("CPU", healthy.cpu, "%");
const memory = below("memory", healthy.memory, "%");
const p95 = below("p95", healthy.p95Ms, "ms");
const errors = below("errors", healthy.errors, "%");
const connections = below("connections", healthy.connections, "%");

/** What is not healthy, and what relieves it. The CPU of a shard is one thread's, so a larger node does not. */
export const unhealthy: (Condition & { relief: Lever | "busiest" })[] = (
  [
    ["node.cpu", cpu, "node"],
    ["node.memory", memory, "node"],
    ["app.p95", p95, "busiest"],
    ["app.errors", errors, "busiest"],
    ["database.cpu", cpu, "database"],
    ["database.memory", memory, "database"],
    ["database.connections", connections, "database"],
    ["pool.connections", connections, "pool"],
    ["redis.cpu", cpu, "shards"],
    ["redis.memory", memory, "cache"],
  ] as const
).map(([metric, { below: threshold, what }, relief]) => ({
  metric,
  is: ">=",
  threshold,
  minutes: windowMinutes,
  source: `healthy: ${what}`,
  relief,
}));

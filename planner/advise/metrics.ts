/** The metrics that the advisor reads. */

/** What one unit is in the metric's own; null for a count of connections, whose maximum only the stack knows. */
type Units = Record<string, number | null>;

/** What a larger node has more of. */
export type Relief = "cpu" | "memory";

interface MetricInfo {
  what: string;
  /** Its own unit first. */
  units: Units;
  /** Largest value in its own unit. @default none */
  most?: number;
  /** What a larger node must have more of to relieve it. @default cpu */
  relievedBy?: Relief;
}

const share = { percent: 1, share: 100 };
const memory = { GB: 1, GiB: 1.073741824, MiB: 0.001048576, bytes: 1e-9 };

/** Every metric, by the name that a series gives. */
export const metrics = {
  "node.cpu": { what: "CPU of the nodes in use", units: share, most: 100 },
  "node.memory": { what: "memory of the nodes in use", units: share, most: 100, relievedBy: "memory" },
  "app.requests": { what: "requests to the application", units: { "requests/min": 1, "requests/s": 60 } },
  "app.p95": { what: "95th percentile of the answer time", units: { ms: 1, s: 1000 } },
  "app.errors": { what: "requests that fail with a status from 500", units: share, most: 100 },
  "database.cpu": { what: "CPU of a database server in use", units: share, most: 100 },
  "database.memory": { what: "memory of a database server in use", units: share, most: 100 },
  "database.connections": {
    what: "connections to a database server, of its `max_connections`",
    units: { ...share, connections: null },
  },
  "pool.connections": { what: "server connections of a PgBouncer pool in use, of its `pool_size`", units: share },
  "redis.cpu": { what: "CPU of a shard's engine in use", units: share, most: 100 },
  "redis.memory": { what: "memory of a shard in use, of its `maxmemory`", units: share },
  "redis.data": { what: "data of a shard", units: memory },
  "queue.waiting": { what: "jobs that wait in a queue", units: { jobs: 1 } },
} satisfies Record<string, MetricInfo>;

export type MetricName = keyof typeof metrics;
export const metricNames = Object.keys(metrics) as [MetricName, ...MetricName[]];

/** What is known of a metric. */
export const metricInfo = (name: MetricName): MetricInfo => metrics[name];

/** The units of a metric, its own first. */
export const unitsOf = (name: MetricName) => Object.keys(metrics[name].units) as [string, ...string[]];

/** The unit that a metric is shown in: its own. */
export const unitOf = (name: MetricName): string => {
  const [own] = unitsOf(name);
  return own === "percent" ? "%" : own;
};

/** A measured value, in the metric's own unit. */
export interface Sample {
  /** Milliseconds since 1970. */
  at: number;
  value: number;
}

/** A period without a sample, in milliseconds since 1970. */
export interface Gap {
  from: number;
  to: number;
}

/** A metric of one thing over time, in the metric's own unit. */
export interface Series {
  metric: MetricName;
  /** What was measured, where there are several: a node, a shard, a queue. */
  of?: string | undefined;
  /** The measurement names no unit: the values are taken in the metric's own. */
  unitAssumed?: true;
  /** In the order of their time; at least two. */
  samples: Sample[];
  gaps: Gap[];
}

/** `database.cpu (replica-0)`. */
export const titleOf = ({ metric, of }: Pick<Series, "metric" | "of">) =>
  of === undefined ? metric : `${metric} (${of})`;

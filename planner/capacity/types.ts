import type { RequiredLoad } from "../../tiers";

/** The cases of the estimate: every coefficient at its worst, at the value that is expected, and at its best. */
export const cases = ["low", "expected", "high"] as const;
export type Case = (typeof cases)[number];

/** The load that sizes carry, as the model says. */
export interface CarriedLoad {
  /** Requests that reach the application, a minute. */
  requestsPerMinute: number;
  /** Queries a second that poolers and database carry, whatever the application carries. */
  queriesPerSecond: number;
  /** Users who make a request, wait for the answer and think, one after the other. */
  concurrentUsers: number;
  /** Jobs a minute that the workers of all queues finish. 0 without a queue. */
  jobsPerMinute: number;
}

/** A resource that every request needs, and the load at which it reaches its utilisation target. */
export interface Limit {
  /** Path of the resource in the plan. */
  path: string;
  /** What there is too little of, such as `CPU of the application`. */
  resource: string;
  /** Requests a minute at the target. */
  requestsPerMinute: number;
  /** Settings that raise the limit, the nearest first. */
  raisedBy: string[];
}

/** A coefficient of the model. */
export interface Assumption {
  name: string;
  /** What it is. */
  what: string;
  unit: string;
  low: number;
  expected: number;
  high: number;
  /** Where the values are from; they say so where nobody measured them. */
  source: string;
}

/** What the sizes of a stack carry. The flat figures are the expected ones. */
export interface Capacity extends CarriedLoad {
  /** Clients PgBouncer accepts, over all its pods. */
  clientConnections: number;
  /** Connections of PgBouncer to one database server, with every pool full. */
  serverConnections: number;
  maxConnections: number;
  /** Memory for data, over all shards. */
  redisMemoryMiB: number;
  low: CarriedLoad;
  high: CarriedLoad;
  /** The load that the tier must carry, as far as there are figures. */
  required: RequiredLoad;
  /** The figures of `required` that the expected ones do not reach. */
  missed: (keyof RequiredLoad)[];
  /** The resource that reaches its target first. */
  bottleneck: Limit;
  /** Every resource, the bottleneck first. */
  limits: Limit[];
  /** From which load test the coefficients were fitted. Null where nothing was measured. */
  measured: Measured | null;
  assumptions: Assumption[];
}

/** The load test that coefficients were fitted from. */
export interface Measured {
  /** Name of the result file. */
  file: string;
  /** Day of the load test. */
  date: string;
  points: number;
  /** Root mean square of the relative errors of the throughput. */
  residual: number;
  /** Names of the coefficients that were fitted. The others are assumed. */
  fitted: string[];
}

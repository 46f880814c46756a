import type { Pool } from "pg";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** In seconds, around the targets of requests (0.2), queries (0.1) and pages (2). */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10];

/** What a process counts, in its own registry: a test may run several processes' worth in one. */
export class Metrics {
  readonly registry = new Registry();

  readonly requestSeconds = this.histogram("http_request_duration_seconds", "Duration of requests, in seconds.", [
    "method",
    "route",
    "status",
  ]);
  readonly databaseSeconds = this.histogram(
    "database_transaction_duration_seconds",
    "Duration of transactions by pool (primary, read), in seconds, the wait for a connection included.",
    ["pool"],
  );
  readonly cacheRequests = this.counter(
    "cache_requests_total",
    "Look-ups in the cache by kind of data and result: hit, miss, error (Redis did not answer), off.",
    ["kind", "result"],
  );
  readonly limitDecisions = this.counter(
    "limit_decisions_total",
    "Requests that a limit counted, by limit and decision: allowed, refused, uncounted (Redis did not answer).",
    ["limit", "decision"],
  );
  readonly breakerState = this.gauge(
    "breaker_open",
    "Whether a circuit breaker is open (1), so that its calls are refused.",
    ["breaker"],
  );
  readonly mode = this.gauge("mode", "1 for the mode that the process is in.", ["mode"]);

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Reports the connections of pools whenever metrics are collected. */
  watchPools(pools: Record<string, Pool>): void {
    new Gauge({
      name: "database_pool_connections",
      help: "Connections of the process by pool and state: busy, idle; maximum is how many it may open, waiting counts callers without one.",
      labelNames: ["pool", "state"],
      registers: [this.registry],
      collect() {
        for (const [pool, { totalCount, idleCount, waitingCount, options }] of Object.entries(pools)) {
          this.set({ pool, state: "busy" }, totalCount - idleCount);
          this.set({ pool, state: "idle" }, idleCount);
          this.set({ pool, state: "waiting" }, waitingCount);
          // A pool opens connections as it needs them, so those that are open do not tell how many there may be.
          this.set({ pool, state: "maximum" }, options.max);
        }
      },
    });
  }

  counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  gauge<Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  histogram<Label extends string>(name: string, help: string, labelNames: Label[]): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }
}

/** Measures how long work takes, whether it succeeds or fails. */
export async function timed<T>(seconds: { startTimer(): () => void } | undefined, work: () => Promise<T>): Promise<T> {
  const end = seconds?.startTimer();
  try {
    return await work();
  } finally {
    end?.();
  }
}

import { randomUUID } from "node:crypto";
import type { Cluster } from "ioredis";
import type { Metrics } from "../telemetry/metrics";
import type { Switches } from "./switches";

export interface Limit {
  /** Requests within the window. */
  hits: number;
  /** Length of the window. */
  seconds: number;
  /** Who is counted. */
  by: "address" | "user";
}

/** Every limit of the product. */
export const limits = {
  address: { hits: 100, seconds: 60, by: "address" },
  search: { hits: 10, seconds: 60, by: "user" },
  ai: { hits: 5, seconds: 60, by: "user" },
  image: { hits: 10, seconds: 60, by: "user" },
  video: { hits: 3, seconds: 300, by: "user" },
  training: { hits: 2, seconds: 3600, by: "user" },
  chat: { hits: 30, seconds: 60, by: "user" },
} as const satisfies Record<string, Limit>;
export type LimitName = keyof typeof limits;

export interface Decision {
  allowed: boolean;
  /** Requests left in the window. */
  remaining: number;
  /** Whole seconds until the next request is allowed: 0 if this one is. */
  retryAfterSeconds: number;
}

/**
 * A sliding window, exact in every window of its length: a sorted set has the time of each allowed request, in
 * microseconds of Redis's clock, which is the same for every process. One script, so that nothing comes between count and entry.
 * Refused requests are not entered: who waits as told is let in. KEYS: the set; ARGV: window in microseconds, hits, a unique name.
 */
const script = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local window, hits = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - window))
local count = redis.call('ZCARD', KEYS[1])
if count < hits then
  redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[3])
  redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000))
  return {1, hits - count - 1, 0}
end
local leaves = redis.call('ZRANGE', KEYS[1], count - hits, count - hits, 'WITHSCORES')
return {0, 0, leaves[2] + window - now}
`;

/** Counts requests in Redis. While Redis does not answer they are let through uncounted: the edge has limits of its own. */
export class Limits {
  constructor(
    private readonly redis: Pick<Cluster, "eval">,
    private readonly switches: Pick<Switches, "limitFactor">,
    private readonly metrics?: Metrics,
  ) {}

  /**
   * Counts a request.
   * @param who  address or user, as the limit says
   */
  async take(name: LimitName, who: string): Promise<Decision> {
    const { hits, seconds } = limits[name];
    const most = Math.max(1, Math.floor(hits * this.switches.limitFactor));
    const answer = await this.redis
      .eval(script, 1, `limit:${name}:${who}`, seconds * 1e6, most, randomUUID())
      .catch(() => undefined);
    if (!answer) {
      this.metrics?.limitDecisions.inc({ limit: name, decision: "uncounted" });
      return { allowed: true, remaining: most, retryAfterSeconds: 0 };
    }
    const [allowed, remaining, microseconds] = answer as [number, number, number];
    this.metrics?.limitDecisions.inc({ limit: name, decision: allowed ? "allowed" : "refused" });
    return { allowed: allowed === 1, remaining, retryAfterSeconds: Math.ceil(microseconds / 1e6) };
  }
}

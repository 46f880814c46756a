import { randomUUID } from "node:crypto";
/** A load after Zipf's law on the application, at the TTLs of its cache. */
import { performance } from "node:perf_hooks";
import { buildApp } from "../../../../workload/http/server";
import { createLogger } from "../../../../workload/telemetry/logger";
import type { Metrics } from "../../../../workload/telemetry/metrics";
import { size } from "../../support/full";
import type { Product, Redis } from "./product";

/** Requests of the load, which come at the rate that MVP carries. */
const requests = size(60_000, 12_000);
const requestsPerMinute = 1000;
const callers = 20;
const [items, users] = [1000, 200];

/** Numbers that look drawn and are the same in each run (mulberry32). */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Draws 1 to `count` after Zipf's law: the n-th is asked for 1/n as often as the first. */
function zipf(count: number, draw: () => number): () => number {
  const weights = Array.from({ length: count }, (_, at) => 1 / (at + 1));
  let sum = 0;
  const cumulated = weights.map((weight) => {
    sum += weight;
    return sum;
  });
  return () => {
    const at = draw() * sum;
    const found = cumulated.findIndex((value) => value >= at);
    return found + 1;
  };
}

/** A clock that the requests move, so that entries expire as they would at the load's rate, however fast it runs here. */
class Clock {
  now = 0;
  private readonly ends = new Map<string, number>();

  /** Redis with TTLs in seconds of this clock. */
  of(redis: Redis): Redis {
    return new Proxy(redis, {
      get: (target, name: keyof Redis) => {
        if (name === "set")
          return (key: string, value: string, unit: string, time: number, ...rest: string[]) => {
            if (unit === "EX") this.ends.set(key, this.now + time);
            return (target.set as (...words: unknown[]) => unknown)(key, value, unit, time, ...rest);
          };
        if (name === "get")
          return async (key: string) => {
            if ((this.ends.get(key) ?? Number.POSITIVE_INFINITY) > this.now) return target.get(key);
            this.ends.delete(key);
            await target.del(key);
            return null;
          };
        const value = target[name] as unknown;
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }
}

/** Adds the items that the load asks for. */
export const itemsSql =
  "INSERT INTO items (title, category, price_cents) " +
  `SELECT 'item ' || n, 'category ' || n % 10, n FROM generate_series(1, ${items}) n`;

/** Statements that the application sent to both servers, without those around a transaction. */
const queries = (product: Product) =>
  [product.server.primary, product.replica]
    .map((instance) =>
      product.sql(
        "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid " +
          "WHERE rolname = 'app' AND query ~ '^(SELECT|INSERT|UPDATE)' AND query !~ 'FROM pg_'",
        instance,
      ),
    )
    .reduce((sum, text) => sum + Number(text), 0);

/** The share of the look-ups in the cache that found something. */
async function hitRateOf({ cacheRequests }: Metrics): Promise<number> {
  const { values } = await cacheRequests.get();
  const looked = (result: string) =>
    values.filter(({ labels }) => labels.result === result).reduce((sum, { value }) => sum + value, 0);
  return looked("hit") / (looked("hit") + looked("miss"));
}

/** Runs the load in this process. Returns what it took: queries, the hit rate, and the p95 in milliseconds. */
export async function zipfLoad(product: Product, CACHE: "on" | "off") {
  const clock = new Clock();
  const stores = product.connect();
  await new Promise((resolve) => stores.redis.once("ready", resolve));
  await stores.redis.flushall();
  product.sql("TRUNCATE users CASCADE");
  const config = { ...stores.config, CACHE };
  const log = createLogger({ LOG_LEVEL: "silent" });
  const { server } = buildApp({ ...stores, config, redis: clock.of(stores.redis), log });
  const draw = draws(20);
  const [item, user, page] = [zipf(items, draw), zipf(users, draw), zipf(20, draw)];
  const ask = async (method: "GET" | "POST", url: string, payload?: object, token?: string) => {
    const answer = await server.inject({
      method,
      url,
      payload,
      headers: { "idempotency-key": randomUUID(), ...(token && { authorization: `Bearer ${token}` }) },
    });
    if (answer.statusCode >= 300) throw new Error(`${method} ${url}: ${answer.statusCode} ${answer.body}`);
    return answer;
  };
  const tokens: string[] = [];
  for (let at = 0; at < users; at++) {
    const given = { email: `user${at}@example.com`, name: "user" };
    tokens.push((await ask("POST", "/api/users", given)).json().token);
  }
  const before = queries(product);
  const milliseconds: number[] = [];
  const one = async () => {
    const [kind, token] = [draw(), tokens[user() - 1] as string];
    const start = performance.now();
    if (kind < 0.5) await ask("GET", `/items/${item()}`);
    else if (kind < 0.65) await ask("GET", `/items?page=${page()}`);
    else if (kind < 0.7) await ask("GET", "/reference/categories");
    else if (kind < 0.84) await ask("GET", "/api/me", undefined, token);
    else if (kind < 0.98) await ask("GET", "/api/me/credits", undefined, token);
    else await ask("POST", "/api/me/credits", { amount: 1 }, token);
    milliseconds.push(performance.now() - start);
  };
  let sent = 0;
  const caller = async () => {
    while (sent < requests) {
      sent += 1;
      clock.now += 60 / requestsPerMinute;
      await one();
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const sorted = milliseconds.sort((a, b) => a - b);
  const result = {
    queries: queries(product) - before,
    hitRate: await hitRateOf(stores.metrics),
    p95: sorted[Math.floor(0.95 * sorted.length)] as number,
  };
  await server.close();
  stores.redis.disconnect();
  await stores.database.close();
  return result;
}

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "ioredis";
import type { Config } from "../config";
import type { Metrics } from "../telemetry/metrics";

/** Seconds that an answer is kept, by kind of data. */
export const ttlSeconds = {
  user: 300,
  credits: 45,
  jobStatus: 15,
  list: 300,
  reference: 3600,
  static: 86_400,
} as const;
export type Kind = keyof typeof ttlSeconds;

/** How long one process loads for all, in milliseconds; longer than a query may take. Then the others load too. */
const lockMs = 12_000;
/** How often a process that waits for another one looks, in milliseconds. */
const pollMs = 20;

/** Removes the lock only of its owner: another may hold it by now. */
const unlock = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

type Load<T> = () => Promise<T>;

/**
 * Answers of the database, kept in Redis as JSON. When one expires under load, one caller of one process loads it and all others
 * wait for that. While Redis does not answer, and with CACHE=off, callers load for themselves, one a process and key.
 */
export class Cache {
  private readonly flights = new Map<string, Promise<unknown>>();

  constructor(
    private readonly config: Pick<Config, "CACHE">,
    private readonly redis: Pick<Cluster, "get" | "set" | "eval">,
    private readonly metrics?: Metrics,
  ) {}

  /**
   * Returns the value of a key, from Redis or loaded. The value must survive JSON.
   * @param key  names all that the value depends on
   */
  get<T>(kind: Kind, key: string, load: Load<T>): Promise<T> {
    const name = `cache:{${kind}:${key}}`;
    const running = this.flights.get(name);
    if (running) {
      this.count(kind, this.config.CACHE === "off" ? "off" : "hit");
      return running as Promise<T>;
    }
    const flight = this.look(kind, name, load).finally(() => this.flights.delete(name));
    this.flights.set(name, flight);
    return flight;
  }

  private count(kind: Kind, result: "hit" | "miss" | "error" | "off"): void {
    this.metrics?.cacheRequests.inc({ kind, result });
  }

  private async look<T>(kind: Kind, name: string, load: Load<T>): Promise<T> {
    if (this.config.CACHE === "off") {
      this.count(kind, "off");
      return load();
    }
    const owner = randomUUID();
    try {
      const found = (await this.redis.get(name)) ?? (await this.lockOrWait(name, owner));
      if (found !== undefined) {
        this.count(kind, "hit");
        return JSON.parse(found) as T;
      }
    } catch {
      this.count(kind, "error");
      return load();
    }
    this.count(kind, "miss");
    return this.fill(kind, name, owner, load);
  }

  /** Returns what another process loads meanwhile; undefined for the one that has to. */
  private async lockOrWait(name: string, owner: string): Promise<string | undefined> {
    for (let waited = 0; waited < lockMs; waited += pollMs) {
      if ((await this.redis.set(`${name}:lock`, owner, "PX", lockMs, "NX")) === "OK") {
        // The one before may have filled and unlocked since the look.
        const filled = await this.redis.get(name);
        if (filled !== null) await this.redis.eval(unlock, 1, `${name}:lock`, owner);
        return filled ?? undefined;
      }
      await sleep(pollMs);
      const found = await this.redis.get(name);
      if (found !== null) return found;
    }
    return undefined;
  }

  private async fill<T>(kind: Kind, name: string, owner: string, load: Load<T>): Promise<T> {
    try {
      const value = await load();
      await this.redis.set(name, JSON.stringify(value), "EX", ttlSeconds[kind]).catch(() => {});
      return value;
    } finally {
      await this.redis.eval(unlock, 1, `${name}:lock`, owner).catch(() => {});
    }
  }
}

import type { Config } from "../../workload/config";
import { loadConfig } from "../../workload/config";
import type { AppOptions } from "../../workload/http/context";
import { buildApp } from "../../workload/http/server";
import { createLogger } from "../../workload/telemetry/logger";
import { Metrics } from "../../workload/telemetry/metrics";

type Redis = AppOptions["redis"];

/** Redis in memory: what the application asks of it outside of scripts. */
export class FakeRedis {
  readonly values = new Map<string, string>();
  readonly hashes: Record<string, Record<string, string>> = {};
  /** Keys that scripts were given. */
  readonly scripted: string[] = [];
  /** What scripts answer. */
  script: () => unknown = () => [1, 1, 0];
  down = false;

  private async answer<T>(value: () => T): Promise<T> {
    if (this.down) throw new Error("connection is closed");
    return value();
  }

  get(key: string): Promise<string | null> {
    return this.answer(() => this.values.get(key) ?? null);
  }

  set(key: string, value: string, ...options: unknown[]): Promise<"OK" | null> {
    return this.answer(() => {
      if (options.includes("NX") && this.values.has(key)) return null;
      this.values.set(key, value);
      return "OK" as const;
    });
  }

  eval(script: string, _: number, key: string): Promise<unknown> {
    this.scripted.push(key);
    return this.answer(() => (script.includes("DEL") ? this.values.delete(key) : this.script()));
  }

  hgetall(key: string): Promise<Record<string, string>> {
    return this.answer(() => this.hashes[key] ?? {});
  }

  async hset(key: string, field: string, value: string): Promise<number> {
    return this.answer(() => {
      this.hashes[key] = { ...this.hashes[key], [field]: value };
      return 1;
    });
  }

  async hdel(key: string, field: string): Promise<number> {
    return this.answer(() => {
      const known = this.hashes[key]?.[field] !== undefined;
      if (known) delete this.hashes[key]?.[field];
      return Number(known);
    });
  }

  async del(key: string): Promise<number> {
    return this.answer(() => Number(delete this.hashes[key]));
  }

  get asRedis(): Redis {
    return this as unknown as Redis;
  }
}

/** Postgres that answers each statement with the rows of the first pattern that it matches. */
class FakeDatabase {
  readonly asked: string[] = [];
  error: Error | undefined;
  /** Of the replica alone. */
  readError: Error | undefined;

  constructor(private readonly answers: [RegExp, object[]][] = []) {}

  private async run<T>(work: (client: unknown) => Promise<T>): Promise<T> {
    if (this.error) throw this.error;
    const query = async (sql: string) => {
      this.asked.push(sql);
      return { rows: this.answers.find(([pattern]) => pattern.test(sql))?.[1] ?? [] };
    };
    return work({ query });
  }

  async read<T>(work: (client: unknown) => Promise<T>, { fresh = false } = {}): Promise<T> {
    if (this.readError && !fresh) throw this.readError;
    return this.run(work);
  }

  async write<T>(work: (client: unknown) => Promise<T>, committed?: (lsn: string) => Promise<void>): Promise<T> {
    const result = await this.run(work);
    await committed?.("0/1");
    return result;
  }
}

export const environment = {
  PORT: "8080",
  DATABASE_URL: "postgres://app:secret@db:5432/app",
  DATABASE_READ_URL: "postgres://app:secret@db:5432/app_ro",
  DATABASE_DIRECT_URL: "postgres://app:secret@db:5432/app_session",
  REDIS_URL: "rediss://:secret@redis:6379",
  REDIS_CLUSTER: "true",
};

/** The application on stores without a server. */
export function fakeApp(answers: [RegExp, object[]][] = [], env: Partial<Record<keyof Config, string>> = {}) {
  const [redis, database] = [new FakeRedis(), new FakeDatabase(answers)];
  const app = buildApp({
    config: loadConfig({ ...environment, ...env }),
    database: database as unknown as AppOptions["database"],
    redis: redis.asRedis,
    metrics: new Metrics(),
    log: createLogger({ LOG_LEVEL: "silent" }),
  });
  return { ...app, redis, database };
}

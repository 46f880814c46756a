/** Two Redis clusters, of which one takes over the jobs and keys of the other. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Job, Worker } from "bullmq";
import { connectWorker } from "../../../workload/queue/connection";
import { until } from "../../long/support/instance";
import { RedisCluster } from "../../long/support/redis-cluster";
import { missingServer } from "../../long/support/valkey";

export type Redis = ReturnType<typeof connectWorker>;

/** The queue that moves. */
export const name = "default";
export const prefix = "{default}";

export class Clusters {
  /** Runs of each job, wherever. */
  readonly runs = new Map<string, number>();
  readonly from: Redis;
  readonly to: Redis;

  private constructor(
    readonly old: RedisCluster,
    readonly next: RedisCluster,
  ) {
    [this.from, this.to] = this.connect();
  }

  /** Starts both: one pod, and a replication group of several shards. Skips the suite where a program is missing. */
  static async start(suite: Mocha.Context): Promise<Clusters> {
    const old = await RedisCluster.start(1, 0);
    const next = await RedisCluster.start(3, 0);
    if (old && next) return new Clusters(old, next);
    console.log(`    ${missingServer}`);
    return suite.skip();
  }

  /** Opens connections to both. */
  connect(): [Redis, Redis] {
    const to = ({ url, ca }: RedisCluster) => connectWorker({ REDIS_URL: url }, { ca });
    return [to(this.old), to(this.next)];
  }

  /** Removes every key and run. */
  async empty(): Promise<void> {
    for (const redis of [this.from, this.to]) {
      await until(
        () => redis.status === "ready",
        () => "Redis is not ready",
      );
      await Promise.all(redis.nodes("master").map((node) => node.flushall()));
    }
    this.runs.clear();
  }

  /** Starts a worker whose jobs take so many milliseconds. */
  worker(connection: Redis, ms: number): Worker {
    const run = async ({ data }: Job) => {
      this.runs.set(data.job, (this.runs.get(data.job) ?? 0) + 1);
      await sleep(ms);
    };
    // Finished jobs leave at once: only the move itself can keep one from coming twice.
    const started = new Worker(name, run, { connection, prefix, concurrency: 3, removeOnComplete: { count: 0 } });
    return started.on("error", () => undefined);
  }

  async close(): Promise<void> {
    for (const redis of [this.from, this.to]) redis.disconnect();
    await Promise.all([this.old.close(), this.next.close()]);
  }
}

/** The lengths of parts of the queue. */
export async function counts<Part extends string>(redis: Redis, ...parts: Part[]): Promise<Record<Part, number>> {
  const lists = ["wait", "active", "moving"];
  const sizes = parts.map((part) => {
    const key = `${prefix}:${name}:${part}`;
    return lists.includes(part) ? redis.llen(key) : redis.zcard(key);
  });
  const entries = (await Promise.all(sizes)).map((number, at) => [parts[at], number]);
  return Object.fromEntries(entries) as Record<Part, number>;
}

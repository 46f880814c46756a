import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { waitingList } from "../../../components/workers/scaling";
import { connectWorker } from "../../../workload/queue/connection";
import { keyOf } from "../../../workload/queue/names";
import type { Priority } from "../../../workload/queue/options";
import { Queues } from "../../../workload/queue/queues";
import { submit } from "../../../workload/queue/submit";
import { Database } from "../../../workload/stores/postgres";
import { until } from "../../long/support/instance";
import { PooledServer } from "../../long/support/pooler";
import { requireBinaries } from "../../long/support/postgres";
import { RedisCluster } from "../../long/support/redis-cluster";
import { missingServer } from "../../long/support/valkey";
import { environmentOf, ownUrls, WorkloadProcess } from "../support/workload";

/** The queue of all tests. */
export const queue = "default";

/** Of the test's own pool. */
const connections = 10;

/** Makes images, slowly, and notes who asked. */
class Provider {
  /** Calls by the job's id. */
  readonly calls = new Map<string, number>();
  /** How long an image takes, in milliseconds. */
  delayMs = 0;
  /** How many calls of a job it refuses, by the job's id. */
  readonly failures = new Map<string, number>();
  private readonly server: Server;

  constructor() {
    this.server = createServer(async (request, response) => {
      const id = String(request.headers["idempotency-key"]);
      this.calls.set(id, (this.calls.get(id) ?? 0) + 1);
      request.resume();
      await sleep(this.delayMs);
      if ((this.calls.get(id) ?? 0) <= (this.failures.get(id) ?? 0)) response.statusCode = 503;
      response
        .setHeader("content-type", "application/json")
        .end(JSON.stringify({ url: `https://images.example/${id}` }));
    });
  }

  async start(): Promise<void> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** What Postgres says of all jobs. */
export interface Effects {
  jobs: number;
  done: number;
  images: number;
  /** Jobs with more than one image. */
  doubled: number;
  /** Credits that users have. */
  credits: number;
}

/** Postgres behind PgBouncer, a Redis cluster of 3 masters and 3 replicas, the provider, and workers. */
export class QueueServers {
  readonly provider = new Provider();
  private readonly workers: WorkloadProcess[] = [];
  private submitted = 0;

  private constructor(
    readonly postgres: PooledServer,
    readonly cluster: RedisCluster,
    readonly database: Database,
    readonly redis: ReturnType<typeof connectWorker>,
    readonly queues: Queues,
  ) {}

  static async start(suite: Mocha.Context): Promise<QueueServers> {
    const binaries = requireBinaries(suite);
    const cluster = await RedisCluster.start(3, 1);
    if (!cluster) {
      console.log(`    ${missingServer}`);
      return suite.skip();
    }
    const postgres = await PooledServer.start(binaries);
    const { status, stderr } = postgres.bootstrap();
    if (status !== 0) throw new Error(stderr);
    await postgres.startPooler();
    const redis = connectWorker({ REDIS_URL: cluster.url }, { ca: cluster.ca });
    const database = new Database({ ...ownUrls(environmentOf(postgres, cluster)), DATABASE_POOL_SIZE: connections });
    const servers = new QueueServers(postgres, cluster, database, redis, new Queues(redis));
    await servers.provider.start();
    await (await WorkloadProcess.start("migrate.ts", servers.environment())).succeeded();
    return servers;
  }

  /** The environment that the stack sets, and the settings of a test. */
  environment(): Record<string, string> {
    return { ...environmentOf(this.postgres, this.cluster), PROVIDER_URL: this.provider.url };
  }

  /** Starts a worker, with the variables that the stack sets for its queue. */
  async startWorker(own: Record<string, string> = {}): Promise<WorkloadProcess> {
    const worker = await WorkloadProcess.start("worker.ts", {
      ...this.environment(),
      WORKER_QUEUE: queue,
      WORKER_CONCURRENCY: "4",
      WORKER_LIST: waitingList({ name: queue }),
      JOB_LOCK_MS: "2000",
      SWEEP_SECONDS: "2",
      ...own,
    });
    this.workers.push(worker);
    await worker.ready();
    return worker;
  }

  /** Submits jobs of a user. @returns their ids */
  async submit(userId: number, jobs: number, priority: Priority = "normal"): Promise<string[]> {
    const one = async () => {
      const idempotencyKey = `request-${this.submitted++}`;
      const job = { userId: String(userId), idempotencyKey, queue, kind: "image", priority, input: {}, cost: 1 };
      return (await submit(this.database, this.queues, job)).id;
    };
    const ids: string[] = [];
    // As many at a time as the pool has connections: none waits for one until it gives up.
    while (ids.length < jobs)
      ids.push(...(await Promise.all(Array.from({ length: Math.min(connections, jobs - ids.length) }, one))));
    return ids;
  }

  /** Adds a user. @returns its id */
  async addUser(credits: number): Promise<number> {
    return this.database.write(async (client) => {
      const user = "INSERT INTO users (email, name) VALUES (gen_random_uuid()::text, 'user') RETURNING id";
      const { id } = (await client.query(user)).rows[0];
      await client.query("INSERT INTO credits (user_id, balance) VALUES ($1, $2)", [id, credits]);
      return id;
    });
  }

  async effects(userId: number): Promise<Effects> {
    const sql = `
      WITH own AS (SELECT id, state, (SELECT count(*) FROM images WHERE job_id = jobs.id) AS images FROM jobs WHERE user_id = $1)
      SELECT count(*) AS jobs, count(*) FILTER (WHERE state = 'done') AS done, coalesce(sum(images), 0)::int AS images,
        count(*) FILTER (WHERE images > 1) AS doubled, (SELECT balance FROM credits WHERE user_id = $1) AS credits FROM own`;
    return this.database.read(async (client) => (await client.query<Effects>(sql, [userId])).rows[0] as Effects, {
      fresh: true,
    });
  }

  /** Number of jobs that wait for a worker, of all priorities. */
  async waiting(): Promise<number> {
    const [wait, prioritized] = await Promise.all([
      this.redis.llen(keyOf(queue, "wait")),
      this.redis.zcard(keyOf(queue, "prioritized")),
    ]);
    return wait + prioritized;
  }

  async isDone(id: string): Promise<boolean> {
    const sql = "SELECT 1 FROM jobs WHERE id = $1 AND state = 'done'";
    return this.database.read(async (client) => (await client.query(sql, [id])).rowCount === 1, { fresh: true });
  }

  /** Waits until every job of a user is done. */
  async finished(userId: number): Promise<Effects> {
    let effects = await this.effects(userId);
    await until(
      async () => {
        effects = await this.effects(userId);
        return effects.done === effects.jobs;
      },
      () => `${JSON.stringify(effects)}\n${this.workers.map(({ log }) => log.slice(-2000)).join("\n")}`,
      120,
    );
    return effects;
  }

  /** Ends the workers that still run. */
  async killWorkers(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.kill()));
  }

  async close(): Promise<void> {
    await this.killWorkers();
    this.provider.stop();
    await this.queues.close();
    this.redis.disconnect();
    await this.database.close();
    await this.cluster.close();
    await this.postgres.close();
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { waitingList } from "../../../components/workers/scaling";
import { connectWorker } from "../../../workload/queue/connection";
import type { Priority } from "../../../workload/queue/options";
import { Queues } from "../../../workload/queue/queues";
import { submit } from "../../../workload/queue/submit";
import { Database } from "../../../workload/stores/postgres";
import { PooledServer } from "../../long/support/pooler";
import { freePort, requireBinaries, stopped } from "../../long/support/postgres";
import { RedisCluster } from "../../long/support/redis-cluster";
import { missingServer } from "../../long/support/valkey";

const root = join(__dirname, "..", "..", "..");

/** The queue of all tests. */
export const queue = "default";

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

/** A process of the workload's worker. */
export class WorkerProcess {
  log = "";

  constructor(
    readonly process: ChildProcess,
    readonly port: number,
  ) {
    for (const stream of [process.stdout, process.stderr]) stream?.on("data", (text) => (this.log += String(text)));
  }

  /** Returns status and text of an endpoint; status 0 while nobody listens. */
  async ask(path: string): Promise<{ status: number; text: string }> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.port}${path}`);
      return { status: response.status, text: await response.text() };
    } catch {
      return { status: 0, text: "" };
    }
  }

  async ready(): Promise<void> {
    await until(
      async () => (await this.ask("/healthz")).status === 200,
      () => `the worker is not ready:\n${this.log}`,
    );
  }

  /** Ends it as the kubelet does. @returns its exit status */
  stop(): Promise<number | null> {
    return stopped(this.process, "SIGTERM");
  }

  async kill(): Promise<void> {
    await stopped(this.process, "SIGKILL");
  }
}

/** Waits for a condition, for two minutes at most. */
export async function until(condition: () => Promise<boolean>, what: () => string): Promise<void> {
  for (const end = Date.now() + 120_000; Date.now() < end; await sleep(100)) if (await condition()) return;
  throw new Error(what());
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
  private readonly workers: WorkerProcess[] = [];
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
    const urls = urlsOf(postgres, `&sslrootcert=${postgres.tls.ca}`);
    const database = new Database({ ...urls, DATABASE_POOL_SIZE: 10 });
    const servers = new QueueServers(postgres, cluster, database, redis, new Queues(redis));
    await servers.provider.start();
    await servers.migrate();
    return servers;
  }

  /** The environment that the stack sets, and the settings of a test. */
  environment(): Record<string, string> {
    const { postgres, cluster, provider } = this;
    const authorities = [postgres.tls.ca, cluster.caFile].map((file) => readFileSync(file, "utf8")).join("\n");
    return {
      ...urlsOf(postgres),
      PATH: process.env.PATH ?? "",
      REDIS_URL: cluster.url,
      REDIS_CLUSTER: "true",
      NODE_EXTRA_CA_CERTS: postgres.sandbox.write("authorities.crt", authorities),
      PROVIDER_URL: provider.url,
      SEARCH: "off",
    };
  }

  /** Starts a worker, with the variables that the stack sets for its queue. */
  async startWorker(own: Record<string, string> = {}): Promise<WorkerProcess> {
    const port = await freePort();
    const env = {
      ...this.environment(),
      PORT: String(port),
      WORKER_QUEUE: queue,
      WORKER_CONCURRENCY: "4",
      WORKER_LIST: waitingList({ name: queue }),
      JOB_LOCK_MS: "2000",
      SWEEP_SECONDS: "2",
      ...own,
    };
    const worker = new WorkerProcess(this.spawn("worker.ts", env), port);
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
    return Promise.all(Array.from({ length: jobs }, one));
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

  /** Waits until every job of a user is done. */
  async finished(userId: number): Promise<Effects> {
    let effects = await this.effects(userId);
    await until(
      async () => {
        effects = await this.effects(userId);
        return effects.done === effects.jobs;
      },
      () => `${JSON.stringify(effects)}\n${this.workers.map(({ log }) => log.slice(-2000)).join("\n")}`,
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

  private spawn(file: string, env: Record<string, string>): ChildProcess {
    return spawn("node", ["--import", "tsx", join(root, "workload", file)], { cwd: root, env });
  }

  private async migrate(): Promise<void> {
    const migration = this.spawn("migrate.ts", this.environment());
    let log = "";
    for (const stream of [migration.stdout, migration.stderr]) stream?.on("data", (text) => (log += String(text)));
    if ((await stopped(migration)) !== 0) throw new Error(log);
  }
}

function urlsOf({ passwords, ports }: PooledServer, more = "") {
  const url = (database: string) =>
    `postgres://app:${passwords.app}@localhost:${ports.pooler}/${database}?sslmode=verify-full${more}`;
  return { DATABASE_URL: url("app"), DATABASE_READ_URL: url("app_ro"), DATABASE_DIRECT_URL: url("app_session") };
}

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { identifiers } from "../../../../components/postgres/common/settings";
import type { plainVariables, storeVariables, Values } from "../../../../contract/environment";
import { tiers } from "../../../../tiers";
import { loadConfig } from "../../../../workload/config";
import { Database } from "../../../../workload/stores/postgres";
import { connectRedis } from "../../../../workload/stores/redis";
import { Metrics } from "../../../../workload/telemetry/metrics";
import type { Instance } from "../../../long/support/instance";
import { PooledServer, type Process } from "../../../long/support/pooler";
import { freePort, replicaHost, requireBinaries, type Skippable, stopped } from "../../../long/support/postgres";
import { RedisCluster } from "../../../long/support/redis-cluster";
import { missingServer } from "../../../long/support/valkey";

/** A connection to Redis. */
export type Redis = ReturnType<typeof connectRedis>;

const root = join(__dirname, "..", "..", "..", "..");

/** Debian's Postgres has no pgvector. */
type Environment = Values<typeof storeVariables> & Values<typeof plainVariables> & { SEARCH: "off" };

/** The product's stores as a stack has them: Postgres with a streaming replica behind PgBouncer, Redis in cluster mode. */
export class Product {
  private readonly processes: AppProcess[] = [];

  private constructor(
    readonly server: PooledServer,
    readonly redis: RedisCluster,
    readonly replica: Instance,
    readonly pooler: Process,
  ) {}

  /** Starts the stores, and migrates the database. Skips the suite, and says so, where a program is missing. */
  static async start(suite: Skippable): Promise<Product> {
    const binaries = requireBinaries(suite);
    const redis = await RedisCluster.start(1, 0);
    if (!redis) {
      console.log(`    ${missingServer}`);
      return suite.skip();
    }
    const server = await PooledServer.start(binaries, tiers.startup);
    const { status, stderr } = server.bootstrap();
    if (status !== 0) throw new Error(stderr);
    const replica = await server.startReplica();
    const pooler = await server.startPooler(undefined, undefined, [replicaHost]);
    const product = new Product(server, redis, replica, pooler);
    await product.migrate();
    return product;
  }

  /** What the stack sets in every container. */
  get environment(): Environment {
    const { passwords, ports, tls } = this.server;
    const url = (database: string) =>
      `postgres://app:${passwords.app}@localhost:${ports.pooler}/${database}?sslmode=verify-full`;
    return {
      DATABASE_URL: url(identifiers.database),
      DATABASE_READ_URL: url(identifiers.readDatabase),
      DATABASE_DIRECT_URL: url(identifiers.sessionDatabase),
      REDIS_URL: this.redis.url,
      REDIS_CLUSTER: "true",
      PGSSLROOTCERT: tls.ca,
      NODE_EXTRA_CA_CERTS: this.authorities,
      SEARCH: "off",
    };
  }

  /** One file with the authorities of both stores: each test server has its own. */
  private get authorities(): string {
    const text = readFileSync(this.server.tls.ca, "utf8") + this.redis.ca;
    return this.server.sandbox.write("authorities.crt", text);
  }

  /** Starts a command, such as the migrations, as its Job does. */
  startCommand(file: "migrate.ts" | "seed.ts"): ChildProcess & { log: () => string } {
    let log = "";
    const env = { PATH: process.env.PATH, ...this.environment };
    const child = spawn("node", ["--import", "tsx", `workload/${file}`], { cwd: root, env });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (log += String(text)));
    return Object.assign(child, { log: () => log });
  }

  migrate = () => this.run("migrate.ts");
  seed = () => this.run("seed.ts");

  private async run(file: "migrate.ts" | "seed.ts"): Promise<void> {
    const run = this.startCommand(file);
    if ((await stopped(run)) !== 0) throw new Error(run.log());
  }

  /** Starts a process of the application. */
  async startApp(env: Record<string, string> = {}): Promise<AppProcess> {
    const app = new AppProcess(await freePort(), { ...this.environment, ...env });
    this.processes.push(app);
    await app.ready();
    return app;
  }

  /** The stores as the application connects to them, in this process. */
  connect() {
    const { ca } = { ca: this.server.tls.ca };
    const urls = Object.fromEntries(
      Object.entries(this.environment).map(([name, value]) => [
        name,
        name.startsWith("DATABASE") ? `${value}&sslrootcert=${ca}` : value,
      ]),
    );
    const config = loadConfig({ PORT: "8080", ...urls });
    const metrics = new Metrics();
    return {
      config,
      metrics,
      database: new Database(config, metrics),
      redis: connectRedis(config, { ca: this.redis.ca }),
    };
  }

  /** Runs SQL as the superuser on the primary. Returns the answer. */
  sql(text: string, instance = this.server.primary): string {
    const { status, stdout, stderr } = instance.ask("postgres", "app", text);
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.map((app) => app.kill()));
    await this.server.close();
    await this.redis.close();
  }
}

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** A process of the application, by its sources. */
export class AppProcess {
  log = "";
  private readonly child: ChildProcess;

  constructor(
    readonly port: number,
    env: Record<string, string>,
  ) {
    this.child = spawn("node", ["--import", "tsx", "workload/app.ts"], {
      cwd: root,
      env: { PATH: process.env.PATH, PORT: String(port), ...env },
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on("data", (text) => {
        this.log += text;
      });
  }

  /** Waits until its readiness check succeeds. */
  async ready(): Promise<void> {
    for (let attempt = 0; attempt < 600; attempt++) {
      if (this.child.exitCode !== null) throw new Error(`the application exited:\n${this.log}`);
      const answer = await this.ask("/healthz").catch(() => undefined);
      if (answer?.status === 200) return;
      await sleep(100);
    }
    throw new Error(`the application is not ready:\n${this.log}`);
  }

  async ask(
    path: string,
    { token, ...options }: RequestInit & { token?: string; json?: unknown } = {},
  ): Promise<Answer> {
    const headers = new Headers(options.headers);
    if (token) headers.set("authorization", `Bearer ${token}`);
    const { json, ...rest } = options;
    if (json !== undefined) headers.set("content-type", "application/json");
    const body = json === undefined ? undefined : JSON.stringify(json);
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, { ...rest, headers, body });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text.startsWith("{") ? JSON.parse(text) : { text },
    };
  }

  /** Creates a user. Returns the session's token. */
  async join(name: string): Promise<string> {
    const { status, body } = await this.ask("/api/users", {
      method: "POST",
      json: { email: `${name}@example.com`, name },
    });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body.token as string;
  }

  /** Sends SIGTERM, as the kubelet does. Returns the exit code. */
  stop(): Promise<number | null> {
    return stopped(this.child, "SIGTERM");
  }

  async kill(): Promise<void> {
    await stopped(this.child, "SIGKILL");
  }
}

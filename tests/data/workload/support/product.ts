import { tiers } from "../../../../tiers";
import { loadConfig } from "../../../../workload/config";
import { Database } from "../../../../workload/stores/postgres";
import { connectRedis } from "../../../../workload/stores/redis";
import { Metrics } from "../../../../workload/telemetry/metrics";
import type { Instance } from "../../../long/support/instance";
import { PooledServer, type Process } from "../../../long/support/pooler";
import { replicaHost, requireBinaries, type Skippable } from "../../../long/support/postgres";
import { RedisCluster } from "../../../long/support/redis-cluster";
import { missingServer } from "../../../long/support/valkey";
import { type Environment, environmentOf, ownUrls, type Program, WorkloadProcess } from "../../support/workload";

/** A connection to Redis. */
export type Redis = ReturnType<typeof connectRedis>;

/** The product's stores as a stack has them: Postgres with a streaming replica behind PgBouncer, Redis in cluster mode. */
export class Product {
  private readonly processes: WorkloadProcess[] = [];

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
    return environmentOf(this.server, this.redis);
  }

  /** Starts a command, such as the migrations, as its Job does. */
  startCommand(file: Program, ...words: string[]): Promise<WorkloadProcess> {
    return WorkloadProcess.start(file, this.environment, words);
  }

  async migrate(): Promise<void> {
    await (await this.startCommand("migrate.ts")).succeeded();
  }

  async seed(): Promise<void> {
    await (await this.startCommand("seed.ts")).succeeded();
  }

  /** Starts a process of the application. */
  async startApp(env: Record<string, string> = {}): Promise<WorkloadProcess> {
    const app = await WorkloadProcess.start("app.ts", { ...this.environment, ...env });
    this.processes.push(app);
    await app.ready();
    return app;
  }

  /** The stores as the application connects to them, in this process. */
  connect() {
    const config = loadConfig({ PORT: "8080", ...ownUrls(this.environment) });
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

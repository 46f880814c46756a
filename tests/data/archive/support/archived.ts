import { readdirSync } from "node:fs";
import { tiers } from "../../../../tiers";
import { until } from "../../../long/support/instance";
import { PooledServer } from "../../../long/support/pooler";
import { requireBinaries } from "../../../long/support/postgres";
import { Bucket } from "./bucket";
import { Node } from "./node";
import { Restored } from "./restored";

/** Postgres with its settings and scripts, the node's program with the AWS CLI, and a bucket of moto's. */
export class Archived {
  private readonly started: { stop(): unknown }[] = [];

  private constructor(
    readonly server: PooledServer,
    readonly bucket: Bucket,
    readonly node: Node,
  ) {}

  /** Starts all of it with a table of some MB, and waits for the first base backup. Skips the suite where something is missing. */
  static async start(suite: Mocha.Context, storageGiB = tiers.mvp.postgres.cluster.storageGiB): Promise<Archived> {
    const { postgres, pgbouncer } = tiers.mvp;
    const sizes = { pgbouncer, postgres: { ...postgres, cluster: { ...postgres.cluster, storageGiB } } };
    const server = await PooledServer.start(requireBinaries(suite), sizes, true);
    const bucket = server.runsAsPostgres() ? await Bucket.start() : undefined;
    if (!bucket) {
      await server.close();
      console.log("    skipped: Python, moto, the AWS CLI or the user postgres is missing");
      return suite.skip();
    }
    const archived = new Archived(server, bucket, new Node(server, bucket));
    try {
      if (server.bootstrap().status !== 0) throw new Error("bootstrap failed");
      archived.node.startSending();
      archived.ask(
        "CREATE TABLE ballast AS SELECT n, repeat(md5(n::text), 20) AS text FROM generate_series(1, 60000) n",
      );
      await archived.archive();
      await archived.untilBases(1);
    } catch (error) {
      await archived.stop();
      throw error;
    }
    return archived;
  }

  /** Stops with the rest. */
  also<T extends { stop(): unknown }>(one: T): T {
    this.started.push(one);
    return one;
  }

  async stop(): Promise<void> {
    for (const one of this.started.reverse()) await one.stop();
    this.node.stopSending();
    this.bucket.stop();
    await this.server.close();
  }

  ask(sql: string): string {
    const { status, stdout, stderr } = this.server.primary.ask("postgres", "app", sql);
    if (status !== 0) throw new Error(stderr);
    return stdout.trimEnd();
  }

  /** Ends the file of the log, and waits until it is in the bucket. Returns its name. */
  async archive(): Promise<string> {
    const file = this.ask("SELECT pg_walfile_name(pg_switch_wal())");
    const there = () => this.ask(`SELECT last_archived_wal >= '${file}' FROM pg_stat_archiver`) === "t";
    await until(there, () => `${file} is not archived\n${this.logs()}`, 240);
    return file;
  }

  /** Keys of the base backups, the oldest first. */
  bases(): string[] {
    return this.bucket.keys("postgres/base/");
  }

  async untilBases(count: number): Promise<void> {
    await until(
      () => this.bases().length >= count,
      () => `no ${count} base backups\n${this.logs()}`,
      240,
    );
  }

  /** Waits until no gap of the log is without a base backup after it. */
  async untilMended(): Promise<void> {
    const { sandbox } = this.server;
    const gaps = () => readdirSync(sandbox.path("archive")).filter((name) => name.endsWith(".gap.gz"));
    await until(
      () => gaps().length === 0 && !this.node.makesBase(),
      () => `a gap is not mended\n${this.logs()}`,
      240,
    );
  }

  /** What the node and the server said. */
  logs(): string {
    return `${this.node.log()}\n${this.server.serverLog()}`;
  }

  /** Fetches a base backup and the log into a folder of its own. @param base  its key @default the newest */
  fetched(name: string, base = this.bases().at(-1)): Restored {
    if (base === undefined) throw new Error("no base backup");
    const restored = this.also(new Restored(this.server, this.bucket, name));
    restored.fetch(base);
    return restored;
  }
}

import { copyFileSync } from "node:fs";
import { dirname } from "node:path";
import { adminUser, files, renderUserlist, statsUser } from "../../../../components/postgres/pgbouncer/ini";
import type { HandoverVariables } from "../../../../handover/environment";
import { until } from "../../../long/support/instance";
import { PooledServer, type Process } from "../../../long/support/pooler";
import { type Binaries, freePort, stopped } from "../../../long/support/postgres";
import type { EngineVariables } from "./engine";
import { actAsRds } from "./rds";

/** Every pod has its files under the same path, as containers have: that of the process's own folder. */
const podFolder = "/proc/self/cwd";

export interface PairArgs {
  bin: Binaries;
  /** Programs of the target. @default the source's */
  targetBin?: Binaries;
  /** @default 2 */
  pods?: number;
  /**
   * Runs the bootstrap of a handover on both servers, and the engine as its role. `managed` servers let nobody be a superuser,
   * as RDS does. @default the engine is a superuser
   */
  inStack?: Record<Which, "cluster" | "managed">;
}

type Which = "source" | "target";

interface Pod {
  port: number;
  process: Process;
  start(): Promise<void>;
}

/**
 * Two servers with the stack's configuration, and PgBouncers that each have a configuration for the one and for the other.
 * The servers log in with the same verifiers, and have the same certificate.
 */
export class Pair {
  readonly pods: Pod[] = [];

  private constructor(
    readonly source: PooledServer,
    readonly target: PooledServer,
    private readonly role: "postgres" | "handover",
  ) {}

  static async start({ bin, targetBin = bin, pods = 2, inStack }: PairArgs): Promise<Pair> {
    const source = await PooledServer.start(bin);
    const target = await PooledServer.start(targetBin);
    const pair = new Pair(source, target, inStack ? "handover" : "postgres");
    Object.assign(target.verifiers, source.verifiers);
    try {
      await pair.prepare(pods, inStack);
      return pair;
    } catch (error) {
      await pair.close();
      throw error;
    }
  }

  private async prepare(pods: number, inStack: PairArgs["inStack"]): Promise<void> {
    const { source, target } = this;
    for (const server of [source, target]) await server.stopServer();
    for (const file of ["ca", "certificate", "key"] as const) copyFileSync(source.tls[file], target.tls[file]);
    for (const which of ["source", "target"] as const) {
      const server = this[which];
      await server.primary.start();
      const rds = inStack?.[which] === "managed" && actAsRds(server);
      this.bootstrap(which, inStack && which);
      if (rds) rds.letReplicate("handover");
    }
    for (let pod = 0; pod < pods; pod++) await this.addPod(pod);
  }

  /** Runs the bootstrap of a side as its Job does. Throws where it refuses. */
  bootstrap(which: Which, handover?: Which | "possible"): void {
    const { status, stderr, stdout } = this[which].bootstrap(handover);
    if (status !== 0) throw new Error(`bootstrap: ${stdout}${stderr}`);
  }

  private async addPod(number: number): Promise<void> {
    const { source, target } = this;
    const { sandbox, sizes } = source;
    const port = await freePort();
    const folder = sandbox.mkdir(`pod-${number}`);
    for (const [file, server] of [
      [files.ini, source],
      [files.next, target],
    ] as const) {
      const pod = { name: file, port, databasePort: server.ports.server };
      const text = source.poolerConfig(sizes.pgbouncer, [], pod);
      sandbox.write(`pod-${number}/${file}`, `${text}admin_users = ${adminUser}\n`);
    }
    const { app, app_b, stats } = source.verifiers;
    sandbox.write("userlist.txt", renderUserlist({ app, app_b, [statsUser]: stats, [adminUser]: stats }), 0o600);
    const launch = `cd '${folder}' && exec '${source.bin.pgbouncer}' ${podFolder}/${files.ini}`;
    const pod: Pod = {
      port,
      process: undefined as never,
      start: async () => {
        pod.process = sandbox.start("sh", ["-c", launch]);
        const ready = () => source.ask(port, statsUser, "pgbouncer", "SHOW VERSION").status === 0;
        await until(ready, pod.process.log);
      },
    };
    await pod.start();
    this.pods.push(pod);
  }

  /** Ends a pod and starts it again, on its first file. */
  async restartPod(number: number): Promise<void> {
    const pod = this.pods[number] as Pod;
    await stopped(pod.process, "SIGKILL");
    await pod.start();
  }

  /** What the PgBouncers say of their servers, for a test that fails. */
  poolerLog(): string {
    const lines = this.pods.flatMap(({ process }, pod) =>
      process
        .log()
        .split("\n")
        .map((line) => `${pod} ${line}`),
    );
    return lines
      .filter((line) => / (WARNING|ERROR|LOG S-|LOG (RELOAD|PAUSE|RESUME|KILL))|failed/.test(line))
      .join("\n");
  }

  url(server: PooledServer): string {
    const { passwords, ports, tls } = server;
    return `postgres://${this.role}:${passwords[this.role]}@localhost:${ports.server}/app?sslmode=verify-full&sslrootcert=${tls.ca}`;
  }

  variables(more: Partial<HandoverVariables> = {}): EngineVariables {
    const { source, target } = this;
    return {
      PATH: `${dirname(target.bin.psql)}:${process.env.PATH}`,
      SOURCE_URL: this.url(source),
      TARGET_URL: this.url(target),
      SOURCE_REPLICATION_URL: this.url(source),
      TARGET_REPLICATION_URL: this.url(target),
      POOLERS: this.pods.map(({ port }) => `127.0.0.1:${port}`).join(","),
      POOLER_USER: adminUser,
      POOLER_PASSWORD: source.passwords.stats,
      POOLER_CA: source.tls.ca,
      POOLER_SERVERNAME: "localhost",
      SOURCE_CONFIG: `${podFolder}/${files.ini}`,
      TARGET_CONFIG: `${podFolder}/${files.next}`,
      ...more,
    };
  }

  /** Runs SQL as the application's role, on a server itself. */
  run(side: Which, sql: string): string {
    const { status, stdout, stderr } = this[side].primary.ask("app", "app", sql);
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  }

  /** The superuser's answer, unaligned. */
  sql(side: Which, sql: string): string {
    const { status, stdout, stderr } = this[side].primary.ask("postgres", "app", sql);
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  }

  /** Whether clients can log in to a side. */
  isOpen(side: "source" | "target"): boolean {
    return this.sql(side, "SELECT bool_or(rolcanlogin) FROM pg_roles WHERE rolname IN ('app', 'app_b')") === "t";
  }

  /** Empties both sides for the next test: databases, roles' logins, and the pods' files. */
  async reset(): Promise<void> {
    for (const side of ["source", "target"] as const) {
      const server = this[side];
      const ask = (sql: string) => server.primary.ask("postgres", "postgres", sql);
      const drop = `SELECT slot_name FROM pg_replication_slots`;
      this.dropSubscriptions(side);
      for (const slot of ask(drop).stdout.split("\n").filter(Boolean)) {
        ask(`SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '${slot}'`);
        await until(
          () => ask(`SELECT pg_drop_replication_slot('${slot}')`).status === 0,
          () => slot,
        );
      }
      const { status, stderr } = ask("DROP DATABASE app WITH (FORCE)");
      if (status !== 0) throw new Error(stderr);
      server.bootstrap();
    }
    for (const [number] of this.pods.entries()) await this.restartPod(number);
  }

  private dropSubscriptions(side: Which): void {
    const ask = (sql: string) => this[side].primary.ask("postgres", "app", sql);
    for (const name of ask("SELECT subname FROM pg_subscription").stdout.split("\n").filter(Boolean)) {
      ask(`ALTER SUBSCRIPTION ${name} DISABLE`);
      ask(`ALTER SUBSCRIPTION ${name} SET (slot_name = NONE)`);
      ask(`DROP SUBSCRIPTION ${name}`);
    }
  }

  async close(): Promise<void> {
    // The pods are in the source's sandbox.
    await this.source.close();
    await this.target.close();
  }
}

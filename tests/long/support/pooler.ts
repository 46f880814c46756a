import { randomBytes } from "node:crypto";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { scripts } from "../../../components/postgres/bootstrap/pod";
import { bootstrapSql, superuserSql, verifierVariable } from "../../../components/postgres/bootstrap/sql";
import { folders, hbaConf, postgresqlConf } from "../../../components/postgres/cluster/config";
import { scramVerifier } from "../../../components/postgres/common/scram";
import * as ini from "../../../components/postgres/pgbouncer/ini";
import { type PgBouncerSize, tiers } from "../../../tiers";
import { connectionBudget } from "../../../tiers/connections";
import type { MemoryCgroup } from "./cgroup";
import { type Binaries, certificates, freePort, pgbouncerVersion, replicaHost, Sandbox, stopped } from "./postgres";

export const components = resolve(__dirname, "../../../components/postgres");
const { postgres, pgbouncer } = tiers.mvp;

/** Settings that an older PgBouncer does not support. */
const since: Record<string, number> = { max_prepared_statements: 1.21, track_extra_parameters: 1.2 };

export type Process = ReturnType<Sandbox["start"]>;

/** Postgres and PgBouncer with the components' configuration, in a sandbox. */
export class PooledServer {
  readonly passwords = { postgres: "first-superuser", app: "first-app", app_b: "first-app-b", stats: "stats" };
  /** The superuser's password before the last rotation. */
  previousSuperuser = "never-in-use";
  readonly verifiers = mapValues(this.passwords, verifier);
  readonly sandbox = new Sandbox();
  readonly version: number;
  readonly tls: ReturnType<typeof certificates>;
  private server: Process | undefined;
  private replica: Process | undefined;

  private constructor(
    readonly bin: Binaries,
    readonly ports: { server: number; pooler: number },
  ) {
    this.version = pgbouncerVersion(bin.pgbouncer);
    this.tls = certificates(this.sandbox, bin.openssl);
  }

  /** Starts Postgres. */
  static async start(bin: Binaries): Promise<PooledServer> {
    const server = new PooledServer(bin, { server: await freePort(), pooler: await freePort() });
    await server.startServer();
    return server;
  }

  /** The components' files, with their paths changed to the sandbox. */
  private moved(text: string): string {
    const { sandbox, ports } = this;
    return text
      .replaceAll(folders.data, sandbox.path("pgdata"))
      .replaceAll(folders.tls, sandbox.folder)
      .replaceAll(folders.config, sandbox.folder)
      .replaceAll(folders.sockets, sandbox.folder)
      .replaceAll(`${ini.folder}/${ini.files.serverCa}`, this.tls.ca)
      .replaceAll(ini.folder, sandbox.folder)
      .replaceAll(/^(unix_socket_dir = ).*/gm, `$1${sandbox.folder}`)
      .replaceAll("listen_addresses = '*'", "listen_addresses = 'localhost'")
      .replaceAll("port = '5432'", `port = '${ports.server}'`)
      .replaceAll("port=5432", `port=${ports.server}`)
      .replaceAll("listen_port = 5432", `listen_port = ${ports.pooler}`);
  }

  private async until(ready: () => boolean, what: () => string): Promise<void> {
    for (let attempt = 0; attempt < 150; attempt++) {
      if (ready()) return;
      await sleep(100);
    }
    throw new Error(`not ready after 15 seconds: ${what()}`);
  }

  initdb(folder: string) {
    const path = `${this.bin.initdb.replace(/\/initdb$/, "")}:${process.env.PATH}`;
    const env = { PGDATA: this.sandbox.path(folder), INITDB_LOCALE: "C.UTF-8", PATH: path };
    return this.sandbox.run("sh", [`${components}/cluster/initdb.sh`, this.sandbox.path("superuser")], env);
  }

  /** Starts Postgres as its pod does: first the data folder, then the server. */
  async startServer(): Promise<Process> {
    const { sandbox } = this;
    sandbox.write("superuser", this.passwords.postgres, 0o600);
    sandbox.write("pg_hba.conf", hbaConf());
    const config = sandbox.write("postgresql.conf", this.moved(postgresqlConf(postgres.cluster)));
    const created = this.initdb("pgdata");
    if (created.status !== 0) throw new Error(`initdb: ${created.stdout}${created.stderr}`);
    const server = sandbox.start(this.bin.postgres, ["-c", `config_file=${config}`]);
    this.server = server;
    await this.until(() => this.ask(this.ports.server, "postgres", "postgres", "SELECT 1").status === 0, server.log);
    return server;
  }

  /** Whether the servers run as the user of the image. Postgres lets that user in on its socket, and no other. */
  runsAsPostgres(): boolean {
    return this.sandbox.must("id", ["-un"]).trim() === "postgres";
  }

  serverLog(): string {
    return this.server?.log() ?? "";
  }

  /** Stops Postgres as its pod does. */
  async stopServer(): Promise<void> {
    if (this.server) await stopped(this.server, "SIGINT");
  }

  /** Makes a replica of the stopped server: a copy that stays in recovery, so it answers reads only. */
  createReplica(): void {
    const [pgdata, copy] = [this.sandbox.path("pgdata"), this.sandbox.path("replica")];
    this.sandbox.must("cp", ["-a", pgdata, copy]);
    this.sandbox.write("replica/standby.signal", "");
  }

  async startReplica(): Promise<void> {
    const { sandbox } = this;
    const own = { data_directory: sandbox.path("replica"), listen_addresses: replicaHost, unix_socket_directories: "" };
    const settings = { config_file: sandbox.path("postgresql.conf"), ...own };
    const replica = sandbox.start(
      this.bin.postgres,
      Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    );
    this.replica = replica;
    const answer = () => this.ask(this.ports.server, "postgres", "postgres", "SELECT 1", { PGHOST: replicaHost });
    await this.until(() => answer().status === 0, replica.log);
  }

  async stopReplica(): Promise<void> {
    if (this.replica) await stopped(this.replica, "SIGINT");
  }

  /** Starts PgBouncer, with the memory limit of the cgroup if one is given. */
  async startPooler(
    size: PgBouncerSize = pgbouncer,
    cgroup?: MemoryCgroup,
    readHosts: string[] = [],
  ): Promise<Process> {
    const { sandbox, verifiers } = this;
    const budget = connectionBudget(postgres, pgbouncer, postgres.cluster.maxConnections);
    const supported = Object.entries(ini.defaults).filter(([name]) => this.version >= (since[name] ?? 0));
    const defaults = Object.fromEntries(supported);
    const sizes = ini.sizeSettings(size, budget, readHosts.length);
    const databases = ini.databases("localhost", readHosts, budget);
    const text = ini.renderIni({ databases, defaults, sizes, forced: ini.forced });
    const config = sandbox.write("pgbouncer.ini", this.moved(text));
    const { app, app_b, stats } = verifiers;
    sandbox.write("userlist.txt", ini.renderUserlist({ app, app_b, [ini.statsUser]: stats }), 0o600);
    const pooler = sandbox.start(...(cgroup?.command(this.bin.pgbouncer, [config]) ?? [this.bin.pgbouncer, [config]]));
    cgroup?.add(pooler.pid);
    const version = () => this.ask(this.ports.pooler, ini.statsUser, "pgbouncer", "SHOW VERSION");
    await this.until(() => version().status === 0, pooler.log);
    return pooler;
  }

  connection(port: number, user: string, sslmode = "verify-full"): Record<string, string> {
    const password = this.passwords[user === ini.statsUser ? "stats" : (user as keyof typeof this.passwords)];
    return {
      PGHOST: "localhost",
      PGPORT: String(port),
      PGUSER: user,
      PGPASSWORD: password,
      PGSSLMODE: sslmode,
      PGSSLROOTCERT: this.tls.ca,
    };
  }

  ask(port: number, user: string, database: string, sql: string, env: Record<string, string> = {}) {
    const connection = { ...this.connection(port, user), ...env };
    return this.sandbox.run(this.bin.psql, ["-XAtq", "-d", database, "-c", sql], connection);
  }

  /** Changes a role's password and verifier. Nothing knows until the bootstrap runs and a new PgBouncer starts. */
  setPassword(role: keyof typeof this.passwords, password: string): void {
    if (role === "postgres") this.previousSuperuser = this.passwords.postgres;
    this.passwords[role] = password;
    this.verifiers[role] = verifier(password);
  }

  /** Runs the bootstrap as its Job does. */
  bootstrap() {
    const { sandbox, verifiers, passwords } = this;
    sandbox.write(scripts.roles, bootstrapSql({ connectionLimit: 50, extensions: ["pg_stat_statements"] }));
    sandbox.write(scripts.superuser, superuserSql());
    const { PGPASSWORD: _, ...connection } = this.connection(this.ports.server, "postgres");
    const roles = ["postgres", "app", "app_b"] as const;
    const env = {
      ...connection,
      PATH: `${dirname(this.bin.psql)}:${process.env.PATH}`,
      PGDATABASE: "postgres",
      SUPERUSER_PASSWORD: passwords.postgres,
      PREVIOUS_SUPERUSER_PASSWORD: this.previousSuperuser,
      ...Object.fromEntries(roles.map((role) => [verifierVariable(role), verifiers[role]])),
    };
    return sandbox.run("sh", [`${components}/bootstrap/${scripts.run}`, sandbox.folder], env);
  }

  async close(): Promise<void> {
    await this.sandbox.close();
  }
}

/** Applies a function to each value of a record. */
function mapValues<K extends string>(record: Record<K, string>, map: (value: string) => string): Record<K, string> {
  return Object.fromEntries(Object.entries<string>(record).map(([key, value]) => [key, map(value)])) as Record<
    K,
    string
  >;
}

function verifier(password: string): string {
  return scramVerifier(password, randomBytes(16).toString("base64"));
}

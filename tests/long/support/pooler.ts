import { randomBytes } from "node:crypto";
import { dirname, resolve } from "node:path";
import { archiveScript } from "../../../components/postgres/archive/settings";
import { scripts } from "../../../components/postgres/bootstrap/pod";
import {
  type BootstrapSqlArgs,
  bootstrapSql,
  superuserSql,
  verifierVariable,
} from "../../../components/postgres/bootstrap/sql";
import { archiveSh, folders, hbaConf, postgresqlConf } from "../../../components/postgres/cluster/config";
import { scramVerifier } from "../../../components/postgres/common/scram";
import { identifiers } from "../../../components/postgres/common/settings";
import * as ini from "../../../components/postgres/pgbouncer/ini";
import { type PgBouncerSize, type TierSpec, tiers } from "../../../tiers";
import { budgetOf, type ConnectionBudget } from "../../../tiers/connections";
import type { MemoryCgroup } from "./cgroup";
import { Instance, type Process, until } from "./instance";
import { type Binaries, certificates, freePort, pgbouncerVersion, replicaHost, Sandbox } from "./postgres";

export type { Process } from "./instance";

export const components = resolve(__dirname, "../../../components/postgres");
/** Settings that an older PgBouncer does not support. */
const since: Record<string, number> = { max_prepared_statements: 1.21, track_extra_parameters: 1.2 };

/** Sizes that the servers' configuration follows from. */
type Sizes = Pick<TierSpec, "postgres" | "pgbouncer">;

/** Where one of several PgBouncers runs. */
export interface PoolerPod {
  /** Part of the names of its files. @default none */
  name?: string;
  /** @default `ports.pooler` */
  port?: number;
  /** Port of the host names of the primary and the replicas. @default `ports.server` */
  databasePort?: number;
}

/** Lets the superuser replicate, as a user of RDS's own does there. */
const replicationHba = "hostssl replication postgres all scram-sha-256\n";

/** Postgres and PgBouncer with the components' configuration, in a sandbox. */
export class PooledServer {
  readonly passwords = {
    postgres: "first-superuser",
    app: "first-app",
    app_b: "first-app-b",
    handover: "first-handover",
    monitor: "first-monitor",
    stats: "stats",
  };
  /** The superuser's password before the last rotation. */
  previousSuperuser = "never-in-use";
  readonly verifiers = mapValues(this.passwords, verifier);
  readonly sandbox = new Sandbox();
  readonly version: number;
  readonly tls: ReturnType<typeof certificates>;
  readonly primary: Instance;
  readonly budget: ConnectionBudget;
  private replica: Instance | undefined;
  private hba: string;

  private constructor(
    readonly bin: Binaries,
    readonly ports: { server: number; pooler: number },
    readonly sizes: Sizes,
    private readonly archive: boolean,
  ) {
    this.hba = hbaConf(archive);
    this.budget = budgetOf(sizes);
    this.primary = new Instance(this, "pgdata", "localhost", ports.server);
    this.version = pgbouncerVersion(bin.pgbouncer);
    this.tls = certificates(this.sandbox, bin.openssl);
  }

  /** Starts Postgres. @param archive  whether it hands its write-ahead log to a node */
  static async start(bin: Binaries, sizes: Sizes = tiers.mvp, archive = false): Promise<PooledServer> {
    const server = new PooledServer(bin, { server: await freePort(), pooler: await freePort() }, sizes, archive);
    await server.startServer();
    return server;
  }

  /** The components' files, with their paths changed to the sandbox. */
  moved(text: string, ports = this.ports): string {
    const { sandbox } = this;
    return text
      .replaceAll(folders.data, sandbox.path("pgdata"))
      .replaceAll(folders.volume, sandbox.folder)
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

  initdb(folder: string) {
    const path = `${this.bin.initdb.replace(/\/initdb$/, "")}:${process.env.PATH}`;
    const env = { PGDATA: this.sandbox.path(folder), INITDB_LOCALE: "C.UTF-8", PATH: path };
    return this.sandbox.run("sh", [`${components}/cluster/initdb.sh`, this.sandbox.path("superuser")], env);
  }

  /** Starts Postgres as its pod does: first the data folder, then the server. */
  async startServer(): Promise<Process> {
    const { sandbox } = this;
    sandbox.write("superuser", this.passwords.postgres, 0o600);
    sandbox.write("pg_hba.conf", this.hba);
    const size = { ...this.sizes.postgres.cluster, maxConnections: this.budget.maxConnections };
    sandbox.write("postgresql.conf", this.moved(postgresqlConf(size, this.archive)));
    if (this.archive) sandbox.write(archiveScript, this.moved(archiveSh(size)));
    const created = this.initdb("pgdata");
    if (created.status !== 0) throw new Error(`initdb: ${created.stdout}${created.stderr}`);
    return this.primary.start();
  }

  /** Whether the servers run as the user of the image. Postgres lets that user in on its socket, and no other. */
  runsAsPostgres(): boolean {
    return this.sandbox.must("id", ["-un"]).trim() === "postgres";
  }

  serverLog(): string {
    return this.primary.log();
  }

  /** Stops Postgres as its pod does. */
  async stopServer(): Promise<void> {
    await this.primary.stop();
  }

  /** Lets copies of the server replicate. */
  allowReplication(): void {
    this.hba = hbaConf(this.archive) + replicationHba;
    this.sandbox.write("pg_hba.conf", this.hba);
    this.primary.ask("postgres", "postgres", "SELECT pg_reload_conf()");
  }

  /** Starts the streaming replica at `replicaHost`; copies the primary first, if there is none yet. */
  async startReplica(port = this.ports.server): Promise<Instance> {
    if (!this.replica) {
      this.allowReplication();
      this.replica = this.primary.copy("replica", replicaHost, port);
    }
    await this.replica.start();
    return this.replica;
  }

  async stopReplica(): Promise<void> {
    await this.replica?.stop();
  }

  /** Settings of pgbouncer.ini that this PgBouncer is too old for. */
  leftOut(): string[] {
    return Object.keys(ini.defaults).filter((name) => this.version < (since[name] ?? 0));
  }

  /** Whether reads go to several hosts. An older PgBouncer takes a list of hosts for one name of a certificate. */
  get readsFromSeveral(): boolean {
    return this.version >= 1.25;
  }

  /** The pgbouncer.ini of a pod. */
  poolerConfig(size: PgBouncerSize, readHosts: string[], { port, databasePort }: Required<PoolerPod>): string {
    const leftOut = this.leftOut();
    const defaults = Object.fromEntries(Object.entries(ini.defaults).filter(([name]) => !leftOut.includes(name)));
    const sizes = ini.sizeSettings(size, this.budget, readHosts.length);
    const databases = ini.databases("localhost", readHosts, this.budget);
    const { readDatabase } = identifiers;
    if (readHosts[0] && !this.readsFromSeveral)
      databases[readDatabase] = { ...databases[readDatabase], host: readHosts[0] };
    const text = ini.renderIni({ databases, defaults, sizes, forced: ini.forced });
    return this.moved(text, { server: databasePort, pooler: port });
  }

  /** Starts PgBouncer, with the memory limit of the cgroup if one is given. */
  async startPooler(
    size: PgBouncerSize = this.sizes.pgbouncer,
    cgroup?: MemoryCgroup,
    readHosts: string[] = [],
    { name = "", port = this.ports.pooler, databasePort = this.ports.server }: PoolerPod = {},
  ): Promise<Process> {
    const { sandbox, verifiers } = this;
    const pod = { name, port, databasePort };
    const config = sandbox.write(`pgbouncer${name}.ini`, this.poolerConfig(size, readHosts, pod));
    const { app, app_b, stats } = verifiers;
    sandbox.write("userlist.txt", ini.renderUserlist({ app, app_b, [ini.statsUser]: stats }), 0o600);
    const pooler = sandbox.start(...(cgroup?.command(this.bin.pgbouncer, [config]) ?? [this.bin.pgbouncer, [config]]));
    cgroup?.add(pooler.pid);
    const version = () => this.ask(port, ini.statsUser, "pgbouncer", "SHOW VERSION");
    await until(() => version().status === 0, pooler.log);
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
  bootstrap(handover?: BootstrapSqlArgs["handover"], monitoring = false) {
    const { sandbox, verifiers, passwords } = this;
    const connectionLimit = this.budget.maxConnections - this.budget.headroom;
    sandbox.write(
      scripts.roles,
      bootstrapSql({ connectionLimit, extensions: ["pg_stat_statements"], monitoring, handover }),
    );
    sandbox.write(scripts.superuser, superuserSql());
    const { PGPASSWORD: _, ...connection } = this.connection(this.ports.server, "postgres");
    const roles = [
      "postgres",
      "app",
      "app_b",
      ...(handover === "source" || handover === "target" ? (["handover"] as const) : []),
      ...(monitoring ? (["monitor"] as const) : []),
    ] as const;
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

import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { bootstrapSql, verifierVariable } from "../../components/postgres/bootstrap/sql";
import { folders, hbaConf, postgresqlConf } from "../../components/postgres/cluster/config";
import { scramVerifier } from "../../components/postgres/common/scram";
import * as ini from "../../components/postgres/pgbouncer/ini";
import { tiers } from "../../tiers";
import { connectionBudget } from "../../tiers/connections";
import {
  type Binaries,
  certificates,
  findBinaries,
  freePort,
  pgbouncerVersion,
  Sandbox,
  stopped,
} from "./support/postgres";

const components = resolve(__dirname, "../../components/postgres");
const { postgres, pgbouncer } = tiers.mvp;

/** Settings that an older PgBouncer does not support. */
const since: Record<string, number> = { max_prepared_statements: 1.21 };

/** Runs the components' configuration on real servers: one verifier for both logins, TLS on both hops. */
describe("PgBouncer in front of Postgres", () => {
  const passwords = { superuser: "superuser-password", app: "app-password", stats: "stats-password" };
  const verifier = (password: string) => scramVerifier(password, randomBytes(16).toString("base64"));
  const verifiers = { app: verifier(passwords.app), stats: verifier(passwords.stats) };
  let sandbox: Sandbox;
  let bin: Binaries;
  let tls: ReturnType<typeof certificates>;
  let ports: { server: number; pooler: number };
  let version: number;
  let pooler: ReturnType<Sandbox["start"]>;
  let startLog: string;

  before(async function () {
    const binaries = findBinaries();
    if ("missing" in binaries) {
      console.log(
        `    skipped: ${binaries.missing.join(", ")} not found (Debian: apt-get install postgresql pgbouncer)`,
      );
      this.skip();
    }
    bin = binaries.found;
    version = pgbouncerVersion(bin.pgbouncer);
    sandbox = new Sandbox();
    tls = certificates(sandbox, bin.openssl);
    ports = { server: await freePort(), pooler: await freePort() };
    await startServer();
    await startPooler();
  });

  after(async () => sandbox?.close());

  /** The components' files, with their paths changed to the sandbox. */
  function moved(text: string): string {
    return text
      .replaceAll(folders.data, sandbox.path("pgdata"))
      .replaceAll(folders.tls, sandbox.folder)
      .replaceAll(folders.config, sandbox.folder)
      .replaceAll(folders.sockets, sandbox.folder)
      .replaceAll(`${ini.folder}/${ini.files.serverCa}`, tls.ca)
      .replaceAll(ini.folder, sandbox.folder)
      .replaceAll(/^(unix_socket_dir = ).*/gm, `$1${sandbox.folder}`)
      .replaceAll("port = '5432'", `port = '${ports.server}'`)
      .replaceAll("port=5432", `port=${ports.server}`)
      .replaceAll("listen_port = 5432", `listen_port = ${ports.pooler}`);
  }

  async function until(ready: () => boolean, what: () => string): Promise<void> {
    for (let attempt = 0; attempt < 150; attempt++) {
      if (ready()) return;
      await sleep(100);
    }
    throw new Error(`not ready after 15 seconds: ${what()}`);
  }

  function initdb(folder: string) {
    const path = `${bin.initdb.replace(/\/initdb$/, "")}:${process.env.PATH}`;
    const env = { PGDATA: sandbox.path(folder), INITDB_LOCALE: "C.UTF-8", PATH: path };
    return sandbox.run("sh", [`${components}/cluster/initdb.sh`, sandbox.path("superuser")], env);
  }

  async function startServer(): Promise<void> {
    sandbox.write("superuser", passwords.superuser, 0o600);
    expect(initdb("pgdata")).to.deep.include({ status: 0 });
    sandbox.write("pg_hba.conf", hbaConf());
    const config = sandbox.write("postgresql.conf", moved(postgresqlConf(postgres.cluster)));
    const server = sandbox.start(bin.postgres, ["-c", `config_file=${config}`]);
    await until(() => ask(ports.server, "postgres", "postgres", "SELECT 1").status === 0, server.log);
  }

  async function startPooler(): Promise<void> {
    const budget = connectionBudget(postgres, pgbouncer, postgres.cluster.maxConnections);
    const defaults = Object.fromEntries(Object.entries(ini.defaults).filter(([name]) => version >= (since[name] ?? 0)));
    const sizes = ini.sizeSettings(pgbouncer, budget, 0);
    const databases = ini.databases("localhost", []);
    const text = ini.renderIni({ databases, defaults, sizes, forced: ini.forced });
    const config = sandbox.write("pgbouncer.ini", moved(text));
    sandbox.write("userlist.txt", ini.renderUserlist({ app: verifiers.app, [ini.statsUser]: verifiers.stats }), 0o600);
    pooler = sandbox.start(bin.pgbouncer, [config]);
    await until(() => ask(ports.pooler, ini.statsUser, "pgbouncer", "SHOW VERSION").status === 0, pooler.log);
    startLog = pooler.log();
  }

  function connection(port: number, user: string, sslmode = "verify-full"): Record<string, string> {
    const password = user === "postgres" ? passwords.superuser : user === "app" ? passwords.app : passwords.stats;
    return {
      PGHOST: "localhost",
      PGPORT: String(port),
      PGUSER: user,
      PGPASSWORD: password,
      PGSSLMODE: sslmode,
      PGSSLROOTCERT: tls.ca,
    };
  }

  function ask(port: number, user: string, database: string, sql: string, env: Record<string, string> = {}) {
    return sandbox.run(bin.psql, ["-XAtq", "-d", database, "-c", sql], { ...connection(port, user), ...env });
  }

  function bootstrap() {
    const limit = { connectionLimit: 50, extensions: ["pg_stat_statements"] };
    const script = sandbox.write("bootstrap.sql", bootstrapSql(limit));
    const env = { ...connection(ports.server, "postgres"), PGDATABASE: "postgres", [verifierVariable]: verifiers.app };
    return sandbox.run(bin.psql, ["--no-psqlrc", "--quiet", `--file=${script}`], env);
  }

  it("creates the data folder once, and keeps an unknown one", () => {
    expect(initdb("pgdata").stdout).to.contain("holds a database");
    sandbox.mkdir("unknown");
    expect(initdb("unknown")).to.deep.include({ status: 1 });
  });

  it("bootstraps role and database idempotently", () => {
    expect(bootstrap()).to.deep.include({ status: 0, stderr: "" });
    expect(bootstrap().status).to.equal(0);
    const role = "SELECT rolconnlimit, rolsuper, rolpassword FROM pg_authid WHERE rolname = 'app'";
    expect(ask(ports.server, "postgres", "postgres", role).stdout).to.equal(`50|f|${verifiers.app}\n`);
  });

  it("accepts the application's login on both servers with one verifier, and TLS on both hops", () => {
    const sql = "SELECT current_user, ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    for (const database of ["app", "app_ro"]) {
      expect(ask(ports.pooler, "app", database, sql)).to.deep.equal({
        status: 0,
        stdout: "app|t|TLSv1.3\n",
        stderr: "",
      });
    }
    const clients = ask(ports.pooler, ini.statsUser, "pgbouncer", "SHOW CLIENTS");
    expect(clients.stdout).to.contain("TLSv1.3");
  });

  it("makes the application the owner of its database only", () => {
    const table = "CREATE TABLE IF NOT EXISTS kept (id int); SELECT count(*) FROM kept";
    expect(ask(ports.pooler, "app", "app", table)).to.deep.include({ status: 0, stdout: "0\n" });
    expect(ask(ports.pooler, "app", "app", "CREATE ROLE other").stderr).to.contain("permission denied");
    const settings = ask(ports.pooler, "app", "app", "SHOW statement_timeout; SHOW log_min_duration_statement");
    expect(settings.stdout).to.equal("1min\n50ms\n");
  });

  it("rejects a wrong password, plain TCP and a certificate of another CA", () => {
    expect(ask(ports.pooler, "app", "app", "SELECT 1", { PGPASSWORD: "wrong" }).stderr).to.contain("auth");
    for (const port of Object.values(ports)) {
      expect(ask(port, "app", "app", "SELECT 1", { PGSSLMODE: "disable" }).status).to.equal(2);
      expect(ask(port, "app", "app", "SELECT 1", { PGSSLROOTCERT: tls.other }).status).to.equal(2);
    }
  });

  it("gives the exporter read-only access", () => {
    expect(ask(ports.pooler, ini.statsUser, "pgbouncer", "SHOW POOLS").stdout).to.contain("app_ro|app|");
    expect(ask(ports.pooler, ini.statsUser, "pgbouncer", "SHUTDOWN").stderr).to.contain("admin access needed");
  });

  it("supports every setting", () => {
    expect(startLog).to.not.match(/WARNING|ERROR/);
  });

  it("pools protocol-level prepared statements", function () {
    if (version < 1.21) this.skip();
    const script = sandbox.write("prepared.sql", "SELECT :client_id + 1;\n");
    const load = ["-n", "-M", "prepared", "-c", "40", "-j", "2", "-t", "50", "-f", script, "app"];
    const { status, stderr, stdout } = sandbox.run(bin.pgbench, load, connection(ports.pooler, "app"));
    expect(status, stderr).to.equal(0);
    expect(stdout).to.contain("2000/2000");
    const most = connectionBudget(postgres, pgbouncer, postgres.cluster.maxConnections);
    const open = ask(ports.server, "postgres", "app", "SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'");
    expect(Number(open.stdout)).to.be.within(1, most.poolSize + most.reservePoolSize);
  });

  function drain(seconds: number): ReturnType<Sandbox["start"]> {
    const script = `${components}/pgbouncer/drain.sh`;
    return sandbox.start("sh", [script, String(ports.pooler), "0", String(seconds), String(pooler.pid)]);
  }

  function client(...statements: string[]): ReturnType<Sandbox["start"]> {
    const commands = statements.flatMap((sql) => ["-c", sql]);
    return sandbox.start(bin.psql, ["-XAtq", "-d", "app", ...commands], connection(ports.pooler, "app"));
  }

  it("drains: serves a client until it disconnects, then exits", async () => {
    const session = client("SELECT pg_sleep(2)", "SELECT pg_sleep(2)", "SELECT 'whole'");
    await sleep(1000);
    const draining = drain(60);
    expect(await stopped(session), session.log()).to.equal(0);
    expect(session.log()).to.equal("\n\nwhole\n");
    expect(await stopped(pooler)).to.equal(0);
    expect(await stopped(draining)).to.equal(0);
  }).timeout(20_000);

  it("disconnects a remaining client at the end of its transaction", async () => {
    await startPooler();
    const session = client("BEGIN; SELECT pg_sleep(4); SELECT 'whole'; COMMIT", "SELECT 'more'");
    await sleep(1000);
    const draining = drain(1);
    await sleep(2000);
    expect(pooler.exitCode, "exited before the transaction ended").to.equal(null);
    expect(await stopped(session)).to.not.equal(0);
    expect(session.log())
      .to.match(/^\nwhole\n/)
      .and.not.contain("more\n");
    expect(await stopped(pooler)).to.equal(0);
    expect(await stopped(draining)).to.equal(0);
  });
});

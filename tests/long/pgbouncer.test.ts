import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import * as ini from "../../components/postgres/pgbouncer/ini";
import { tiers } from "../../tiers";
import { connectionBudget } from "../../tiers/connections";
import { components, PooledServer, type Process } from "./support/pooler";
import { requireBinaries, type Sandbox, stopped } from "./support/postgres";

const { postgres, pgbouncer } = tiers.mvp;

/** Runs the components' configuration on real servers: one verifier for both logins, TLS on both hops. */
describe("PgBouncer in front of Postgres", () => {
  let server: PooledServer;
  let pooler: Process;
  let startLog: string;

  before(async function () {
    const binaries = requireBinaries(this);
    server = await PooledServer.start(binaries);
    pooler = await server.startPooler();
    startLog = pooler.log();
  });

  after(async () => server?.close());

  it("creates the data folder once, and keeps an unknown one", () => {
    expect(server.initdb("pgdata").stdout).to.contain("holds a database");
    server.sandbox.mkdir("unknown");
    expect(server.initdb("unknown")).to.deep.include({ status: 1 });
  });

  it("refuses the data of another major version in one line, and leaves it as it is", () => {
    const major = server.sandbox.must(server.bin.postgres, ["--version"]).match(/\d+/)?.[0];
    server.sandbox.mkdir("old");
    const version = server.sandbox.write("old/PG_VERSION", "9\n");
    const refused = server.initdb("old");
    expect(refused).to.deep.include({ status: 1, stdout: "" });
    expect(refused.stderr).to.equal(
      `${server.sandbox.path("old")}: given the data of PostgreSQL 9; allowed: that of ${major}, the image's version; ` +
        "fix: go back to the version before, dump and restore (docs/upgrading-postgres.md)\n",
    );
    expect(readFileSync(version, "utf8")).to.equal("9\n");
    expect(readdirSync(server.sandbox.path("old"))).to.deep.equal(["PG_VERSION"]);
  });

  it("bootstraps role and database idempotently", () => {
    expect(server.bootstrap()).to.deep.include({ status: 0, stderr: "" });
    expect(server.bootstrap().status).to.equal(0);
    const role = "SELECT rolconnlimit, rolsuper, rolpassword FROM pg_authid WHERE rolname = 'app'";
    expect(server.ask(server.ports.server, "postgres", "postgres", role).stdout).to.equal(
      `50|f|${server.verifiers.app}\n`,
    );
  });

  it("accepts the application's login on both servers with one verifier, and TLS on both hops", () => {
    const sql = "SELECT current_user, ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    for (const database of ["app", "app_ro"]) {
      expect(server.ask(server.ports.pooler, "app", database, sql)).to.deep.equal({
        status: 0,
        stdout: "app|t|TLSv1.3\n",
        stderr: "",
      });
    }
    const clients = server.ask(server.ports.pooler, ini.statsUser, "pgbouncer", "SHOW CLIENTS");
    expect(clients.stdout).to.contain("TLSv1.3");
  });

  it("makes the application the owner of its database only", () => {
    const table = "CREATE TABLE IF NOT EXISTS kept (id int); SELECT count(*) FROM kept";
    expect(server.ask(server.ports.pooler, "app", "app", table)).to.deep.include({ status: 0, stdout: "0\n" });
    expect(server.ask(server.ports.pooler, "app", "app", "CREATE ROLE other").stderr).to.contain("permission denied");
    const settings = server.ask(
      server.ports.pooler,
      "app",
      "app",
      "SHOW statement_timeout; SHOW log_min_duration_statement",
    );
    expect(settings.stdout).to.equal("1min\n50ms\n");
  });

  it("rejects a wrong password, plain TCP and a certificate of another CA", () => {
    expect(server.ask(server.ports.pooler, "app", "app", "SELECT 1", { PGPASSWORD: "wrong" }).stderr).to.contain(
      "auth",
    );
    for (const port of Object.values(server.ports)) {
      expect(server.ask(port, "app", "app", "SELECT 1", { PGSSLMODE: "disable" }).status).to.equal(2);
      expect(server.ask(port, "app", "app", "SELECT 1", { PGSSLROOTCERT: server.tls.other }).status).to.equal(2);
    }
  });

  it("gives the exporter read-only access", () => {
    expect(server.ask(server.ports.pooler, ini.statsUser, "pgbouncer", "SHOW POOLS").stdout).to.contain("app_ro|app|");
    expect(server.ask(server.ports.pooler, ini.statsUser, "pgbouncer", "SHUTDOWN").stderr).to.contain(
      "admin access needed",
    );
  });

  it("supports every setting", () => {
    expect(startLog).to.not.match(/WARNING|ERROR/);
  });

  it("pools protocol-level prepared statements", function () {
    if (server.version < 1.21) this.skip();
    const script = server.sandbox.write("prepared.sql", "SELECT :client_id + 1;\n");
    const load = ["-n", "-M", "prepared", "-c", "40", "-j", "2", "-t", "50", "-f", script, "app"];
    const { status, stderr, stdout } = server.sandbox.run(
      server.bin.pgbench,
      load,
      server.connection(server.ports.pooler, "app"),
    );
    expect(status, stderr).to.equal(0);
    expect(stdout).to.contain("2000/2000");
    const most = connectionBudget(postgres, pgbouncer, postgres.cluster.maxConnections);
    const open = server.ask(
      server.ports.server,
      "postgres",
      "app",
      "SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'",
    );
    expect(Number(open.stdout)).to.be.within(1, most.poolSize + most.reservePoolSize);
  });

  function drain(seconds: number): ReturnType<Sandbox["start"]> {
    const script = `${components}/pgbouncer/drain.sh`;
    return server.sandbox.start("sh", [script, String(server.ports.pooler), "0", String(seconds), String(pooler.pid)]);
  }

  function client(...statements: string[]): ReturnType<Sandbox["start"]> {
    const commands = statements.flatMap((sql) => ["-c", sql]);
    return server.sandbox.start(
      server.bin.psql,
      ["-XAtq", "-d", "app", ...commands],
      server.connection(server.ports.pooler, "app"),
    );
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
    pooler = await server.startPooler();
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

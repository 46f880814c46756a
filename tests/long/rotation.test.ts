import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { superuserSql, verifierVariable } from "../../components/postgres/bootstrap/sql";
import { tiers } from "../../tiers";
import { connectionBudget } from "../../tiers/connections";
import { PooledServer, type Process } from "./support/pooler";
import { freePort, type Outcome, requireBinaries, stopped } from "./support/postgres";

const { postgres, pgbouncer } = tiers.mvp;
const budget = connectionBudget(postgres, pgbouncer, postgres.cluster.maxConnections);

/** Rotates the passwords twice on real servers, with the components' configuration, SQL and scripts. */
describe("rotation of the passwords of Postgres", () => {
  let server: PooledServer;
  /** The PgBouncers of each rotation. */
  const poolers: Process[] = [];

  before(async function () {
    const binaries = requireBinaries(this);
    server = await PooledServer.start(binaries);
    expect(server.bootstrap()).to.deep.include({ status: 0, stderr: "" });
    poolers.push(await server.startPooler());
  });

  after(async () => server?.close());

  const pooled = (role: string, sql: string, env?: Record<string, string>): Outcome =>
    server.ask(server.ports.pooler, role, "app", sql, env);
  const direct = (role: string, sql: string, env?: Record<string, string>): Outcome =>
    server.ask(server.ports.server, role, "postgres", sql, env);
  const answer = (stdout: string): Outcome => ({ status: 0, stdout, stderr: "" });

  /** A client with one connection to the PgBouncer of this moment, and a statement every fifth of a second. */
  function session(role: string, seconds: number): Process {
    const statement = "SELECT count(*) FROM orders \\g /dev/null\nSELECT pg_sleep(0.2) \\g /dev/null\n";
    const script = `\\set ON_ERROR_STOP on\n${statement.repeat(seconds * 5)}\\echo went on\n`;
    const file = server.sandbox.write(`session-${role}.sql`, script);
    const connection = server.connection(server.ports.pooler, role);
    return server.sandbox.start(server.bin.psql, ["-XAtq", "-d", "app", "-f", file], connection);
  }

  /** A rolling update of PgBouncer: the pods from before go on, and the new one has the new userlist. */
  async function replacePooler(): Promise<void> {
    server.ports.pooler = await freePort();
    poolers.push(await server.startPooler());
  }

  it("lets the alternate role act as the first, which owns what either creates", () => {
    expect(pooled("app", "CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)")).to.deep.equal(answer(""));
    expect(pooled("app_b", "SELECT session_user, current_user")).to.deep.equal(answer("app_b|app\n"));
    const write = "INSERT INTO orders VALUES (2); ALTER TABLE orders ADD note text; CREATE TABLE invoices (id int)";
    expect(pooled("app_b", write)).to.deep.equal(answer(""));
    const owners = "SELECT string_agg(tablename || ' ' || tableowner, ', ' ORDER BY tablename) FROM pg_tables";
    expect(pooled("app", `${owners} WHERE schemaname = 'public'`).stdout).to.equal("invoices app, orders app\n");
    expect(pooled("app", "INSERT INTO invoices VALUES (1); DROP TABLE invoices")).to.deep.equal(answer(""));
  });

  it("keeps the alternate role the first one after what drivers send between two uses of a connection", () => {
    for (const reset of ["DISCARD ALL", "RESET ALL", "RESET ROLE", "SET SESSION AUTHORIZATION DEFAULT"]) {
      const asked = server.sandbox.run(
        server.bin.psql,
        ["-XAtq", "-d", "app", "-c", reset, "-c", "SELECT current_user"],
        server.connection(server.ports.server, "app_b"),
      );
      expect(asked, reset).to.deep.equal(answer("app\n"));
    }
  });

  it("gives the alternate role no rights beyond those of the first", () => {
    expect(pooled("app_b", "CREATE ROLE other").stderr).to.contain("permission denied");
    expect(pooled("app_b", "ALTER ROLE postgres PASSWORD 'guessed'").status).to.equal(1);
    const members = "SELECT pg_has_role('app', 'app_b', 'MEMBER'), rolsuper, rolconnlimit FROM pg_roles";
    expect(direct("postgres", `${members} WHERE rolname = 'app_b'`).stdout).to.equal("f|f|50\n");
  });

  it("rotates without a refused statement: clients of both roles go on, and so does the PgBouncer from before", async () => {
    const before = { ...server.passwords };
    const running = [session("app", 6)];
    await sleep(500);

    server.setPassword("postgres", "second-superuser");
    server.setPassword("app_b", "second-app-b");
    expect(server.bootstrap().status).to.equal(0);
    const old = { ...server.ports };
    await replacePooler();
    running.push(session("app_b", 4), session("app", 4));

    // Clients of the release before log in anew, at either PgBouncer.
    expect(pooled("app", "SELECT 1")).to.deep.equal(answer("1\n"));
    expect(server.ask(old.pooler, "app", "app", "SELECT 1")).to.deep.equal(answer("1\n"));
    expect(pooled("app_b", "SELECT 1", { PGPASSWORD: before.app_b }).stderr).to.contain("authentication failed");
    for (const client of running) {
      expect(await stopped(client), client.log()).to.equal(0);
      expect(client.log()).to.equal("went on\n");
    }
  }).timeout(60_000);

  it("changes the superuser's password under the previous one, and never shows either to the server's log", () => {
    expect(direct("postgres", "SELECT 1")).to.deep.equal(answer("1\n"));
    const refused = direct("postgres", "SELECT 1", { PGPASSWORD: server.previousSuperuser });
    expect(refused.stderr).to.contain('password authentication failed for user "postgres"');
    const stored = "SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'";
    expect(direct("postgres", stored).stdout).to.equal(`${server.verifiers.postgres}\n`);
    // A second run of the Job changes nothing.
    expect(server.bootstrap().status).to.equal(0);
    expect(direct("postgres", stored).stdout).to.equal(`${server.verifiers.postgres}\n`);
    expect(server.serverLog()).to.not.match(/first-superuser|second-superuser/);
  });

  it("refuses the credential of two rotations ago, on both servers", async () => {
    const { app } = server.passwords;
    const running = session("app_b", 4);
    await sleep(500);
    server.setPassword("postgres", "third-superuser");
    server.setPassword("app", "third-app");
    expect(server.bootstrap().status).to.equal(0);
    await replacePooler();
    for (const port of Object.values(server.ports)) {
      const refused = server.ask(port, "app", "app", "SELECT 1", { PGPASSWORD: app });
      expect(refused).to.deep.include({ status: 2, stdout: "" });
      expect(refused.stderr).to.contain("authentication failed");
    }
    for (const role of ["app", "app_b"]) expect(pooled(role, "SELECT 1"), role).to.deep.equal(answer("1\n"));
    expect(direct("postgres", "SELECT 1")).to.deep.equal(answer("1\n"));
    expect(await stopped(running), running.log()).to.equal(0);
  }).timeout(60_000);

  it("takes no more connections for two roles than for one, although both wait", async () => {
    for (const old of poolers.slice(0, -1)) await stopped(old, "SIGQUIT");
    const script = server.sandbox.write("load.sql", "SELECT pg_sleep(0.02);\n");
    const load = ["-n", "-c", "25", "-j", "2", "-T", "6", "-f", script, "app"];
    const loads: Process[] = [];
    for (const role of ["app", "app_b"]) {
      loads.push(server.sandbox.start(server.bin.pgbench, load, server.connection(server.ports.pooler, role)));
      // The first role's clients have every connection, and more of them wait, when the second's arrive.
      await sleep(1500);
    }
    const count = "SELECT count(*) FROM pg_stat_activity WHERE usename IN ('app', 'app_b')";
    const seen: number[] = [];
    for (let sample = 0; sample < 12; sample++) {
      await sleep(300);
      seen.push(Number(direct("postgres", count).stdout));
    }
    for (const running of loads) {
      expect(await stopped(running), running.log()).to.equal(0);
      expect(running.log()).to.match(/number of transactions actually processed: [1-9]/);
    }
    expect(Math.max(...seen)).to.equal(budget.poolSize + budget.reservePoolSize);
  }).timeout(60_000);

  it("says what to do where the server has neither password, and lets the pod's own user set one", function () {
    server.setPassword("postgres", "fourth-superuser");
    server.setPassword("postgres", "fifth-superuser");
    const lost = server.bootstrap();
    expect(lost.status).to.equal(1);
    expect(lost.stderr).to.match(
      /localhost: given the current and the previous password of postgres; allowed: .*; fix: .*docs\/rotating-secrets\.md#recover\)\n$/,
    );
    if (!server.runsAsPostgres()) return this.skip();
    const socket = { PGHOST: server.sandbox.folder, PGPORT: String(server.ports.server), PGUSER: "postgres" };
    const script = server.sandbox.write("superuser.sql", superuserSql());
    const env = { ...socket, [verifierVariable("postgres")]: server.verifiers.postgres };
    server.sandbox.must(server.bin.psql, ["-X", "-d", "postgres", "-f", script], env);
    expect(server.bootstrap().status).to.equal(0);
    expect(direct("postgres", "SELECT 1")).to.deep.equal(answer("1\n"));
    // Other roles have no such way.
    const other = server.sandbox.run(server.bin.psql, ["-X", "-w", "-d", "app", "-c", "SELECT 1"], {
      ...socket,
      PGUSER: "app",
    });
    expect(other.status).to.equal(2);
  });
});

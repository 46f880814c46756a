import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { PooledServer } from "./support/pooler";
import { type Outcome, requireBinaries, stopped } from "./support/postgres";

/** The roles of a handover on a real server, made by the components' SQL. */
describe("roles of a handover", () => {
  let server: PooledServer;

  before(async function () {
    server = await PooledServer.start(requireBinaries(this));
    expect(server.bootstrap()).to.deep.include({ status: 0, stderr: "" });
    expect(as("app", "CREATE TABLE orders (id int PRIMARY KEY); INSERT INTO orders VALUES (1)").status).to.equal(0);
    // Twice, as each change of a password or a size runs it again.
    for (let run = 0; run < 2; run++) expect(server.bootstrap("source").status).to.equal(0);
  });

  after(async () => server?.close());

  const as = (role: string, sql: string): Outcome => server.ask(server.ports.server, role, "app", sql);
  const answer = (stdout: string): Outcome => ({ status: 0, stdout, stderr: "" });
  const version = () => Number(as("handover", "SHOW server_version_num").stdout);

  it("let the engine publish the application's tables, read them and hold a slot", () => {
    expect(as("handover", "SHOW wal_level")).to.deep.equal(answer("logical\n"));
    const steps = [
      "CREATE SCHEMA handover",
      "CREATE TABLE handover.state (phase text)",
      "CREATE PUBLICATION handover FOR TABLE orders",
      "SELECT slot_name FROM pg_create_logical_replication_slot('handover', 'pgoutput')",
      "SELECT slot_name FROM pg_replication_slot_advance('handover', pg_current_wal_lsn())",
      "SELECT pg_drop_replication_slot('handover')",
      "ALTER TABLE orders REPLICA IDENTITY FULL",
      "SET ROLE app; CREATE TABLE copied (id int)",
    ];
    for (const step of steps) expect(as("handover", step), step).to.deep.include({ status: 0, stderr: "" });
    expect(as("handover", "SELECT id FROM orders")).to.deep.equal(answer("1\n"));
    expect(as("handover", "SELECT tableowner FROM pg_tables WHERE tablename = 'copied'")).to.deep.equal(
      answer("app\n"),
    );
  });

  it("let it subscribe, where the version has a role for that", () => {
    const subscribe = as(
      "handover",
      "CREATE SUBSCRIPTION handover CONNECTION 'host=localhost password=x' PUBLICATION none WITH (connect = false)",
    );
    if (version() >= 160000) expect(subscribe.status).to.equal(0);
    else expect(subscribe.stderr).to.contain("must be superuser to create subscriptions");
  });

  it("do not cancel its long statements and transactions", () => {
    for (const setting of ["statement_timeout", "idle_in_transaction_session_timeout"]) {
      expect(as("handover", `SHOW ${setting}`), setting).to.deep.equal(answer("0\n"));
      expect(as("app", `SHOW ${setting}`), setting).to.deep.equal(answer("1min\n"));
    }
  });

  it("let it take the login from the application, and end its sessions", async () => {
    const end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'app'";
    const session = server.sandbox.start(
      server.bin.psql,
      ["-XAtq", "-d", "app", "-c", "SELECT pg_sleep(60)"],
      server.connection(server.ports.server, "app"),
    );
    const sessions = () => as("handover", "SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'").stdout;
    while (sessions() !== "1\n") await sleep(50);
    expect(as("handover", "ALTER ROLE app NOLOGIN; ALTER ROLE app_b NOLOGIN").status).to.equal(0);
    expect(as("handover", end)).to.deep.equal(answer("1\n"));
    expect(await stopped(session)).to.not.equal(0);
    for (const role of ["app", "app_b"])
      expect(as(role, "SELECT 1").stderr, role).to.contain(`role "${role}" is not permitted to log in`);
  });

  it("stay as the handover has left them, when the bootstrap runs again", () => {
    expect(server.bootstrap("source").status).to.equal(0);
    expect(as("app", "SELECT 1").stderr).to.contain("is not permitted to log in");
    expect(as("handover", "SELECT 1")).to.deep.equal(answer("1\n"));
  });

  it("have the bootstrap refuse the server once no handover is on, and change nothing", () => {
    const refused = server.bootstrap("possible");
    expect(refused.status).to.not.equal(0);
    expect(refused.stderr).to.contain(
      "ERROR:  app: given a role without LOGIN, because a handover has left this server to the other one; allowed: the " +
        "server in use; fix: switch, or set the tier of the other server (docs/handover.md#a-server-is-refused)",
    );
    expect(as("app", "SELECT 1").stderr).to.contain("is not permitted to log in");
    expect(as("handover", "SELECT 1")).to.deep.equal(answer("1\n"));
  });

  it("end on the server in use: the application's are there, the engine's can no longer log in", () => {
    expect(as("handover", "ALTER ROLE app LOGIN; ALTER ROLE app_b LOGIN").status).to.equal(0);
    expect(server.bootstrap("possible").status).to.equal(0);
    for (const role of ["app", "app_b"]) expect(as(role, "SELECT id FROM orders"), role).to.deep.equal(answer("1\n"));
    expect(as("handover", "SELECT 1").stderr).to.contain('role "handover" is not permitted to log in');
    expect(server.bootstrap("source").status).to.equal(0);
    expect(as("handover", "SELECT 1")).to.deep.equal(answer("1\n"));
  });

  it("do not lead to a server whose data is in use, until a handover in progress has copied it", () => {
    const refusal = "ERROR:  app: given a database with tables, which no handover in progress has copied;";
    const ledger = (phase: string) =>
      as(
        "handover",
        `CREATE TABLE IF NOT EXISTS handover.ledger (phase text); TRUNCATE handover.ledger;
        INSERT INTO handover.ledger VALUES ('${phase}')`,
      );
    expect(server.bootstrap("target").stderr).to.contain(refusal);
    for (const phase of ["new", "aborted", "finished"]) {
      expect(ledger(phase).status, phase).to.equal(0);
      expect(server.bootstrap("target").stderr, phase).to.contain(refusal);
    }
    for (const phase of ["copying", "switched"]) {
      expect(ledger(phase).status, phase).to.equal(0);
      expect(server.bootstrap("target").status, phase).to.equal(0);
    }
    expect(server.bootstrap("over").status).to.equal(0);
    expect(server.bootstrap("source").status).to.equal(0);
    expect(as("handover", "DROP TABLE handover.ledger, orders, copied").status).to.equal(0);
    expect(server.bootstrap("target").status).to.equal(0);
    const empty = server.bootstrap("over");
    expect(empty.stderr).to.contain(
      "ERROR:  app: given a database without tables, on the instance of postgres.generation;",
    );
    expect(server.bootstrap("target").status).to.equal(0);
  });

  it("are no superuser's", () => {
    const denied = [
      "ALTER SYSTEM SET work_mem = '1MB'",
      "SELECT pg_read_file('/etc/hostname')",
      "ALTER ROLE postgres NOLOGIN",
    ];
    for (const sql of denied) expect(as("handover", sql).status, sql).to.not.equal(0);
  });
});

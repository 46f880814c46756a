import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { identifiers } from "../../components/postgres/common/settings";
import { tiers } from "../../tiers";
import { PooledServer, type Process } from "./support/pooler";
import { replicaHost, requireBinaries, stopped } from "./support/postgres";

const { database, readDatabase, sessionDatabase } = identifiers;
const { pgbouncer } = tiers.mvp;

/** What the three URLs promise, with the components' configuration on real servers: a primary and a replica. */
describe("the database URLs", () => {
  let server: PooledServer;
  let pooler: Process;

  const ask = (entry: string, sql: string, env: Record<string, string> = {}) =>
    server.ask(server.ports.pooler, "app", entry, sql, env);

  /** Lets a psql session stay idle, so that in transaction mode another client would get its server connection. */
  const idle = (seconds: number) => `\\! sleep ${seconds}`;

  /** Runs each statement as a transaction of its own, in one session. */
  const session = (entry: string, ...statements: string[]) =>
    server.sandbox.start(
      server.bin.psql,
      ["-XAtq", "-d", entry, ...statements.flatMap((sql) => ["-c", sql])],
      server.connection(server.ports.pooler, "app"),
    );

  async function answerOf(client: Process): Promise<string> {
    expect(await stopped(client), client.log()).to.equal(0);
    return client.log();
  }

  const restartPooler = async (readHosts: string[]) => {
    await stopped(pooler, "SIGTERM");
    pooler = await server.startPooler(pgbouncer, undefined, readHosts);
  };

  before(async function () {
    const binaries = requireBinaries(this);
    server = await PooledServer.start(binaries);
    expect(server.bootstrap().status).to.equal(0);
    pooler = await server.startPooler();
    expect(ask(database, "CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)").status).to.equal(0);
    await server.startReplica();
  });

  after(async () => server?.close());

  describe("DATABASE_DIRECT_URL", () => {
    it("keeps what a session sets, prepares and creates", async () => {
      const client = session(
        sessionDatabase,
        "SET statement_timeout = 0",
        "PREPARE double AS SELECT 2 * $1::int",
        "CREATE TEMP TABLE step (id int)",
        idle(2),
        "SHOW statement_timeout",
        "EXECUTE double (21)",
        "SELECT count(*) FROM step",
      );
      await sleep(1000);
      const other = session(sessionDatabase, "SELECT pg_sleep(2)");
      expect(await answerOf(client)).to.equal("0\n42\n0\n");
      await answerOf(other);
    });

    it("gives the next client none of it", () => {
      expect(ask(sessionDatabase, "SHOW statement_timeout").stdout).to.equal("1min\n");
      expect(ask(sessionDatabase, "EXECUTE double (21)").stderr).to.contain('"double" does not exist');
    });

    it("holds an advisory lock as long as its session, so that one migration runs at a time", async () => {
      const first = session(sessionDatabase, "SELECT pg_advisory_lock(7)", idle(2));
      await sleep(1000);
      const attempt = () => ask(sessionDatabase, "SELECT pg_try_advisory_lock(7)").stdout;
      expect(attempt()).to.equal("f\n");
      await answerOf(first);
      expect(attempt()).to.equal("t\n");
    });

    it("listens to what others notify through DATABASE_URL", async () => {
      const listener = session(sessionDatabase, "LISTEN news", idle(2), "SELECT 1");
      await sleep(1000);
      expect(ask(database, "NOTIFY news, 'arrived'").status).to.equal(0);
      expect(await answerOf(listener)).to.contain('Asynchronous notification "news" with payload "arrived"');
    });

    it("serves as many clients as it has server connections; the next one waits", async () => {
      const clients = Array.from({ length: pgbouncer.sessionPoolSize + 1 }, () =>
        session(sessionDatabase, "SELECT pg_sleep(2)"),
      );
      await sleep(1000);
      const open = `SELECT count(*) FROM pg_stat_activity WHERE usename = 'app' AND query = 'SELECT pg_sleep(2)'`;
      const { stdout } = server.ask(server.ports.server, "postgres", "app", open);
      expect(stdout).to.equal(`${pgbouncer.sessionPoolSize}\n`);
      for (const client of clients) await answerOf(client);
    });

    it("writes to the primary", () => {
      expect(ask(sessionDatabase, "INSERT INTO orders VALUES (2)")).to.deep.include({ status: 0, stderr: "" });
    });
  });

  describe("startup parameters", () => {
    for (const entry of [database, readDatabase, sessionDatabase])
      it(`are refused by ${entry}, not dropped`, () => {
        const { status, stderr } = ask(entry, "SELECT 1", { PGOPTIONS: "-c search_path=tenant" });
        expect(status).to.equal(2);
        expect(stderr).to.contain("unsupported startup parameter");
      });

    it("have a substitute that the application may use: settings of its database", () => {
      const set = `ALTER DATABASE ${database} SET intervalstyle = 'iso_8601'`;
      expect(ask(database, set)).to.deep.include({ status: 0, stderr: "" });
    });
  });

  const refused = /cannot execute INSERT in a read-only transaction/;
  const write = "INSERT INTO orders VALUES (3)";
  const where = "SELECT pg_is_in_recovery()";

  describe("DATABASE_READ_URL without a replica", () => {
    it("reads from the primary and refuses to write", () => {
      expect(ask(readDatabase, where).stdout).to.equal("f\n");
      expect(ask(readDatabase, write).stderr).to.match(refused);
      expect(ask(database, write)).to.deep.include({ status: 0, stderr: "" });
    });

    it("stays read-only for others when a client changes that for itself", function () {
      // Each client gets the connection of the one before.
      if (server.version < 1.2) this.skip();
      expect(ask(readDatabase, "SET default_transaction_read_only = off").status).to.equal(0);
      expect(ask(readDatabase, write).stderr).to.match(refused);
      expect(ask(readDatabase, "DISCARD ALL").status).to.equal(0);
      expect(ask(readDatabase, write).stderr).to.match(refused);
    });
  });

  describe("DATABASE_READ_URL with a replica", () => {
    /** Answers of readers that are connected at the same time, so each has a server connection of its own. */
    async function readers(count: number): Promise<string[]> {
      const clients = Array.from({ length: count }, () => session(readDatabase, `${where} FROM pg_sleep(2)`));
      return Promise.all(clients.map(answerOf));
    }

    before(async function () {
      if (!server.readsFromSeveral) {
        console.log("      skipped: an older PgBouncer than 1.25 takes the list of hosts for one name (set PGBOUNCER)");
        return this.skip();
      }
      await restartPooler([replicaHost]);
    });

    it("reads from the replica, and from the primary in turn", async () => {
      expect((await readers(4)).sort()).to.deep.equal(["f\n", "t\n", "t\n", "t\n"]);
    });

    it("refuses to write on both", () => {
      for (let turn = 0; turn < 4; turn++) expect(ask(readDatabase, write).stderr).to.match(refused);
    });

    it("goes on reading from the primary while the replica is gone", async () => {
      await server.stopReplica();
      for (let turn = 0; turn < 10; turn++)
        expect(ask(readDatabase, where), `read ${turn}`).to.deep.equal({ status: 0, stdout: "f\n", stderr: "" });
      expect(ask(readDatabase, write).stderr).to.match(refused);
    });

    it("returns to the replica by itself", async () => {
      await server.startReplica();
      expect(await readers(4)).to.include("t\n");
    });

    it("reads from the primary while RDS creates the replica, whose name does not exist yet", async () => {
      await restartPooler(["replica-0.invalid"]);
      expect(await readers(4)).to.deep.equal(["f\n", "f\n", "f\n", "f\n"]);
      expect(ask(readDatabase, write).stderr).to.match(refused);
    });

    it("reads from the primary where the replica accepts connections and never answers", async () => {
      await server.stopReplica();
      const sockets: Socket[] = [];
      const silent = createServer((socket) => sockets.push(socket.on("error", () => socket.destroy())));
      await once(silent.listen(server.ports.server, replicaHost), "listening");
      try {
        await restartPooler([replicaHost]);
        for (let turn = 0; turn < 3; turn++)
          expect(ask(readDatabase, where), `read ${turn}`).to.deep.equal({ status: 0, stdout: "f\n", stderr: "" });
      } finally {
        for (const socket of sockets) socket.destroy();
        silent.close();
      }
    });
  });
});

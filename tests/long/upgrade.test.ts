import { expect } from "chai";
import { PooledServer } from "./support/pooler";
import { requireBinaries } from "./support/postgres";

/** The steps of docs/upgrading-postgres.md, with one version in place of two. */
describe("a major upgrade of the in-cluster Postgres", () => {
  let server: PooledServer;

  before(async function () {
    const binaries = requireBinaries(this);
    server = await PooledServer.start(binaries);
    if (!server.runsAsPostgres()) return this.skip();
  });

  after(async () => server?.close());

  it("takes the data over by a dump, and keeps the old folder whole", async () => {
    const { sandbox } = server;
    const ask = (sql: string) => server.ask(server.ports.server, "app", "app", sql);
    const bin = server.bin.psql.replace(/\/psql$/, "");
    const inPod = (script: string) =>
      sandbox.must("sh", ["-c", script], {
        PATH: `${bin}:${process.env.PATH}`,
        PGHOST: sandbox.folder,
        PGPORT: String(server.ports.server),
      });
    expect(server.bootstrap().status).to.equal(0);
    expect(ask("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id").status).to.equal(0);
    inPod("pg_dump -Fc -U postgres app >app.dump");

    sandbox.must("mv", [sandbox.path("pgdata"), sandbox.path("pgdata-old")]);
    expect(ask("SELECT count(*) FROM kept").stdout, "the server still runs").to.equal("1000\n");
    await server.stopServer();
    await server.startServer();
    expect(server.bootstrap().status).to.equal(0);
    expect(ask("SELECT to_regclass('kept')").stdout).to.equal("\n");
    inPod("pg_restore -U postgres -d app --clean --if-exists <app.dump");
    expect(
      ask("SELECT count(*), pg_get_userbyid(relowner) FROM kept, pg_class WHERE relname = 'kept' GROUP BY 2").stdout,
    ).to.equal("1000|app\n");

    await server.stopServer();
    sandbox.must("mv", [sandbox.path("pgdata"), sandbox.path("pgdata-new")]);
    sandbox.must("mv", [sandbox.path("pgdata-old"), sandbox.path("pgdata")]);
    await server.startServer();
    expect(ask("SELECT count(*) FROM kept").stdout, "the old data").to.equal("1000\n");
  });
});

import { type ChildProcess, spawn } from "node:child_process";
import { expect } from "chai";
import { Client } from "pg";
import { statsUser } from "../../../components/postgres/pgbouncer/ini";
import { tiers } from "../../../tiers";
import { until } from "../../long/support/instance";
import { PooledServer } from "../../long/support/pooler";
import { freePort, requireBinaries, stopped } from "../../long/support/postgres";
import { exporter, goIsThere } from "../../support/exporters";
import { Direct, opsOn } from "../support/direct";

describe("ops pools on a real PgBouncer and its exporter", () => {
  let server: PooledServer;
  let exporting: ChildProcess;
  let metrics: string;
  const clients: Client[] = [];

  before(async function () {
    if (!goIsThere()) {
      console.log("    skipped: Go is missing, which builds the exporter");
      return this.skip();
    }
    server = await PooledServer.start(requireBinaries(this), tiers.mvp);
    const { status, stderr } = server.bootstrap();
    if (status !== 0) throw new Error(stderr);
    await server.startPooler();
    const port = await freePort();
    metrics = `http://127.0.0.1:${port}/metrics`;
    const env = { PATH: process.env.PATH, PGBOUNCER_EXPORTER_CONNECTION_STRING: url(statsUser, "stats", "pgbouncer") };
    const args = [`--web.listen-address=127.0.0.1:${port}`];
    exporting = spawn(exporter("pgbouncer_exporter"), args, { env, stdio: "ignore" });
    await until(
      async () => (await fetch(metrics).catch(() => undefined))?.ok === true,
      () => "the exporter does not answer",
    );
  });

  after(async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    if (exporting) await stopped(exporting, "SIGKILL");
    await server?.close();
  });

  function url(user: string, password: keyof PooledServer["passwords"], database: string): string {
    const query = new URLSearchParams({ sslmode: "verify-full", sslrootcert: server.tls.ca });
    return `postgres://${user}:${server.passwords[password]}@localhost:${server.ports.pooler}/${database}?${query}`;
  }

  const pools = () => opsOn(new Direct({}, async () => (await fetch(metrics)).text()), [])("pools");

  it("shows that nobody waits, then who does once every server connection is held", async () => {
    const most = server.budget.maxConnections;
    const one = async () => {
      const client = new Client({ connectionString: url("app", "app", "app") });
      client.on("error", () => undefined);
      clients.push(client);
      await client.connect();
      return client;
    };
    const first = await one();
    await first.query("SELECT 1");
    const calm = await pools();
    expect([calm.code, calm.stderr]).to.deep.equal([0, ""]);
    expect(calm.stdout).to.contain("No client waits for a connection.\n");
    const row = (text: string) =>
      text
        .split("\n")
        .find((line) => /^pgbouncer-1 +app app /.test(line))
        ?.split(/ {2,}/);
    const allowed = Number(row(calm.stdout)?.at(-1));
    expect(allowed).to.be.within(1, most);
    await first.end();
    const holders = await Promise.all(Array.from({ length: allowed }, one));
    await Promise.all(holders.map((client) => client.query("BEGIN")));
    const waiter = (await one()).query("SELECT 1");
    let busy = await pools();
    for (let tries = 0; tries < 50 && busy.stdout.includes("No client waits"); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      busy = await pools();
    }
    expect(row(busy.stdout)?.slice(2, 4)).to.deep.equal([String(allowed), "1"]);
    expect(row(busy.stdout)?.at(-2)).to.equal(`${allowed} busy, 0 idle`);
    expect(busy.stdout).to.contain("1 client waits for a connection: npm run ops -- connections says who holds them");
    await Promise.all(holders.map((client) => client.query("ROLLBACK")));
    await waiter;
    expect((await pools()).stdout).to.contain("No client waits for a connection.\n");
  });
});

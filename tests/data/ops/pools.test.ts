import { expect } from "chai";
import { Client } from "pg";
import { tiers } from "../../../tiers";
import { PooledServer } from "../../long/support/pooler";
import { requireBinaries } from "../../long/support/postgres";
import { observer } from "../support/data-server";
import { Direct, opsOn } from "../support/direct";

/** Names under which the exporter of the stack's version serves a column of PgBouncer's console (its collector.go). */
const served: Record<"databases" | "pools", Record<string, string>> = {
  databases: { max_connections: "max_connections", paused: "paused", pool_size: "pool_size" },
  pools: {
    cl_active: "client_active_connections",
    cl_waiting: "client_waiting_connections",
    maxwait: "client_maxwait_seconds",
    sv_active: "server_active_connections",
    sv_idle: "server_idle_connections",
    sv_used: "server_used_connections",
  },
};
const labels = { databases: ["name", "host", "port", "database", "pool_mode"], pools: ["database", "user"] };

/** What the exporter would serve: it cannot be built from the proxy of Go modules. */
async function exposition(console: Client): Promise<string> {
  const lines = ["pgbouncer_up 1"];
  for (const list of ["databases", "pools"] as const)
    for (const row of (await console.query(`SHOW ${list}`)).rows) {
      const own = labels[list].map((name) => `${name}="${row[name] ?? ""}"`).join(",");
      for (const [column, name] of Object.entries(served[list]))
        lines.push(`pgbouncer_${list}_${name}{${own}} ${row[column]}`);
    }
  return `${lines.join("\n")}\n`;
}

describe("ops pools on a real PgBouncer", () => {
  let server: PooledServer;
  let console: Client;
  const clients: Client[] = [];

  before(async function () {
    server = await PooledServer.start(requireBinaries(this), tiers.mvp);
    const { status, stderr } = server.bootstrap();
    if (status !== 0) throw new Error(stderr);
    await server.startPooler();
    console = await observer(server, "stats", server.ports.pooler);
  });

  after(async () => {
    await Promise.all([console, ...clients].map((client) => client?.end().catch(() => undefined)));
    await server?.close();
  });

  const pools = () => opsOn(new Direct({}, () => exposition(console)), [])("pools");

  it("shows that nobody waits, then who does once every server connection is held", async () => {
    const most = server.budget.maxConnections;
    const connection = `postgres://app:${server.passwords.app}@localhost:${server.ports.pooler}/app?sslmode=verify-full&sslrootcert=${server.tls.ca}`;
    const one = async () => {
      const client = new Client({ connectionString: connection });
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

import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { Client } from "pg";
import { tiers } from "../../tiers";
import { MemoryCgroup } from "../long/support/cgroup";
import type { PooledServer } from "../long/support/pooler";
import { replicaHost } from "../long/support/postgres";
import { Clients } from "./support/clients";
import { observer, startData, target } from "./support/data-server";
import { size } from "./support/full";
import { balance, exact } from "./support/ledger";
import { Pods } from "./support/pods";

/** What Scale promises. */
const promised = { clients: 10_000, serverConnections: 100 };
const seconds = size(60, 10);
/** A reader for each three writers. */
const readers = promised.clients / 4;
const writers = promised.clients - readers;

interface Sample {
  clients: number;
  /** Connections to the primary, as PgBouncer counts those of all pods, and as Postgres counts them. */
  pooled: number;
  open: number;
}

describe(`${promised.clients} clients on ${promised.serverConnections} connections`, () => {
  const { scale } = tiers;
  const cgroups: MemoryCgroup[] = [];
  let server: PooledServer;
  let pods: Pods;
  let superuser: Client;
  let clients: Clients | undefined;

  before(async function () {
    server = await startData(this, scale, writers);
    await server.startReplica();
    const cgroup = () => {
      const created = MemoryCgroup.create(scale.pgbouncer.container.memoryMiB);
      if (created) cgroups.push(created);
      return created;
    };
    // The replicas share an address here.
    const readHosts = Array.from({ length: scale.postgres.managed.replicas }, () => replicaHost);
    pods = await Pods.start({ server, readHosts, cgroup });
    if (cgroups.length === 0) console.log(`    without a limit of memory: ${MemoryCgroup.missing}`);
    superuser = await observer(server, "postgres", server.ports.server);
  });

  after(async () => {
    clients?.kill();
    await superuser?.end();
    await server?.close();
    for (const cgroup of cgroups) await cgroup.remove();
  });

  async function sample(consoles: Client[]): Promise<Sample> {
    const pools = (await Promise.all(consoles.map((pod) => pod.query("SHOW POOLS")))).flatMap(({ rows }) => rows);
    const sum = (of: RegExp) =>
      pools
        .filter(({ user }) => user === "app")
        .flatMap((pool) => Object.entries(pool).filter(([name]) => of.test(name)))
        .reduce((total, [, count]) => total + Number(count), 0);
    const { rows } = await superuser.query("SELECT count(*)::int FROM pg_stat_activity WHERE usename = 'app'");
    return { clients: sum(/^cl_(active|waiting)$/), pooled: sum(/^sv_/), open: rows[0].count };
  }

  it(`serves them for ${seconds} seconds: no error, every write exactly once, no more connections than promised`, async () => {
    const share = (all: number, pod: number) => {
      const [from, to] = [pod, pod + 1].map((part) => Math.floor((part * all) / pods.ready.length)) as [number, number];
      return { clients: to - from, first: from, thinkMs: 5_000 };
    };
    clients = await Clients.start(
      ...pods.ready.flatMap(({ port }, pod) => [
        { ...target(server, port), work: "write" as const, ...share(writers, pod) },
        { ...target(server, port, "app_ro"), work: "read" as const, ...share(readers, pod) },
      ]),
    );
    const consoles = await Promise.all(pods.ready.map(({ port }) => observer(server, "stats", port)));
    const samples: Sample[] = [];
    clients.go();
    const end = Date.now() + seconds * 1000;
    while (Date.now() < end) {
      samples.push(await sample(consoles));
      await sleep(500);
    }
    const report = await clients.stop();
    await Promise.all(consoles.map((console) => console.end()));

    const most = (of: keyof Sample) => Math.max(...samples.map((each) => each[of]));
    const { acknowledged, ...wrong } = await balance(superuser, report);
    console.log(
      `      ${report.done} transactions, ${acknowledged} writes, at most ${most("open")} connections to the primary and ` +
        `${most("pooled")} in all; memory of the pods: ${cgroups.map(({ peakMiB }) => peakMiB.toFixed(0)).join(", ")} MiB`,
    );
    expect(report.errors).to.deep.equal({});
    expect(wrong).to.deep.equal(exact);
    expect(acknowledged).to.be.above(0);
    expect(report.reads.replica).to.be.above(0);
    expect(new Set(samples.map((each) => each.clients))).to.deep.equal(new Set([promised.clients]));
    expect(most("open")).to.be.within(1, promised.serverConnections);
    expect(cgroups.map(({ kills }) => kills)).to.deep.equal(cgroups.map(() => 0));
  }).timeout(600_000);

  it("are refused by Postgres itself, which is why PgBouncer is there", () => {
    const script = server.sandbox.write("one.sql", "SELECT 1;\n");
    const load = ["-n", "-c", String(promised.clients), "-t", "1", "-f", script, "app"];
    const direct = server.sandbox.run(server.bin.pgbench, load, server.connection(server.ports.server, "app"));
    expect(direct.status).to.equal(1);
    expect(direct.stderr).to.match(/too many (clients already|connections for role "app")/);
  }).timeout(600_000);
});

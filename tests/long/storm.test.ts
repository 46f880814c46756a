import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { tierNames, tiers } from "../../tiers";
import { stormClients } from "../../tiers/pooler-memory";
import { MemoryCgroup } from "./support/cgroup";
import { PooledServer, type Process } from "./support/pooler";
import { findBinaries, stopped } from "./support/postgres";
import { drop, full, storm } from "./support/storm";

/** Lets all clients of a tier reconnect at once to one PgBouncer, in the memory that its container has. */
describe("PgBouncer in a reconnect storm", () => {
  let server: PooledServer | undefined;
  let cgroup: MemoryCgroup | undefined;
  let pooler: Process | undefined;

  before(async function () {
    const binaries = findBinaries();
    const probe = MemoryCgroup.create(64);
    await probe?.remove();
    if ("missing" in binaries || !probe) {
      const missing =
        "missing" in binaries ? `skipped: ${binaries.missing.join(", ")} not found` : MemoryCgroup.missing;
      console.log(`    ${missing}`);
      return this.skip();
    }
    server = await PooledServer.start(binaries.found);
    expect(server.bootstrap().status).to.equal(0);
  });

  afterEach(async () => {
    if (pooler) await stopped(pooler, "SIGKILL");
    await cgroup?.remove();
    pooler = undefined;
  });

  after(async () => server?.close());

  for (const tier of tierNames) {
    const size = tiers[tier].pgbouncer;
    const clients = stormClients(size);
    // One Node process logs in about 50 clients a second here, so a large crowd comes once.
    const rounds = clients > 2000 ? [1] : [1, 2, 3];
    it(`${tier}: survives ${clients} clients, ${rounds.length} times, in ${size.container.memoryMiB} MiB`, async function () {
      if (!server) return this.skip();
      const { ports, passwords, tls } = server;
      cgroup = MemoryCgroup.create(size.container.memoryMiB) as MemoryCgroup;
      pooler = await server.startPooler(size, cgroup);
      const args = { port: ports.pooler, user: "app", password: passwords.app, database: "app", ca: tls.ca };
      // One connection is the stack's own, for the exporter.
      const places = size.maxClientConnections - 1;
      for (const round of rounds) {
        const logins = await storm(clients, places, args);
        const refusals = logins.flatMap((login) => ("refused" in login ? [login.refused] : []));
        drop(logins);
        expect(cgroup.kills, `killed in round ${round} at ${cgroup.peakMiB.toFixed(1)} MiB`).to.equal(0);
        expect(new Set(refusals.filter((reason) => reason !== full)), `round ${round}`).to.deep.equal(new Set());
        expect(clients - refusals.length, `connected in round ${round}`).to.be.at.least(places);
        await sleep(500);
      }
    }).timeout(900_000);
  }
});

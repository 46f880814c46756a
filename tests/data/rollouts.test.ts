import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { Client } from "pg";
import { connectionLifetimeSeconds, drainSeconds } from "../../contract/pooling";
import { tiers } from "../../tiers";
import type { PooledServer } from "../long/support/pooler";
import { Service } from "../long/support/service";
import { Clients } from "./support/clients";
import { observer, startData, target } from "./support/data-server";
import { type FaultResult, faults } from "./support/faults";
import { size } from "./support/full";
import { emptyLedgerSql } from "./support/ledger";
import { Pods } from "./support/pods";
import type { Report } from "./support/protocol";
import { recordUnderLoad } from "./support/under-load";

const rollouts = size(20, 3);
const writers = size(1_000, 200);
/** The stack's times, shortened alike. */
const shortened = size(6, 15);
const lifetimeSeconds = connectionLifetimeSeconds / shortened;

describe("PgBouncer's pods are replaced under load", () => {
  const { replicas } = tiers.scale.pgbouncer;
  let server: PooledServer;
  let service: Service;
  let pods: Pods;
  let superuser: Client;
  let clients: Clients;

  before(async function () {
    server = await startData(this, tiers.scale, writers);
    superuser = await observer(server, "postgres", server.ports.server);
    pods = await Pods.start({ server });
    service = await Service.listen();
    service.route(...pods.ready);
  });

  beforeEach(async () => {
    await superuser.query(emptyLedgerSql);
    const load = { work: "write" as const, clients: writers, lifetimeSeconds, thinkMs: 1_000 };
    clients = await Clients.start({ ...target(server, service.port), ...load });
    clients.go();
    await sleep(1_000);
  });

  afterEach(() => clients?.kill());

  after(async () => {
    await superuser?.end();
    await service?.close();
    await server?.close();
  });

  /** Ends the load, and records what its clients saw. */
  async function finish(fault: FaultResult["fault"], what = ""): Promise<Report> {
    const report = await clients.stop();
    expect(await recordUnderLoad(fault, report, superuser, server, what)).to.be.above(0);
    return report;
  }

  it(`rolls out ${rollouts} times under ${writers} clients: none gets an error, every write is there once`, async () => {
    const first = pods.ready.map(({ port }) => port);
    for (let rollout = 0; rollout < rollouts; rollout++) {
      await pods.roll(service, drainSeconds / shortened);
      await pods.drained();
    }
    expect(pods.ready.map(({ port }) => port))
      .to.have.length(replicas)
      .and.not.include.members(first);
    const report = await finish(faults.poolerRollout, `${rollouts} rollouts under ${writers} clients: `);
    expect(report.errors).to.deep.equal({});
  }).timeout(900_000);

  it("loses a pod: its clients reconnect to the others, every acknowledged write is there once", async () => {
    clients.fault();
    await pods.crash(service);
    await sleep(2_000);
    const report = await finish(faults.poolerCrash);
    expect(Object.keys(report.errors)).to.have.length.above(0);
    expect(report.recoveredMs).to.be.above(0);
  });
});

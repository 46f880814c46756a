import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import * as ini from "../../components/postgres/pgbouncer/ini";
import { tiers } from "../../tiers";
import { type Instance, until } from "../long/support/instance";
import type { PooledServer } from "../long/support/pooler";
import { freePort } from "../long/support/postgres";
import { Service } from "../long/support/service";
import { Clients } from "./support/clients";
import { observer, startData, target } from "./support/data-server";
import { type FaultResult, faults } from "./support/faults";
import { size } from "./support/full";
import { emptyLedgerSql } from "./support/ledger";
import { Pods } from "./support/pods";
import { recordUnderLoad } from "./support/under-load";

const writers = size(200, 50);
const failovers = size(5, 2);
/** Time of the load before a fault and after what mends it, in milliseconds. */
const aroundMs = size(5_000, 2_000);

describe("the primary fails under load", () => {
  let server: PooledServer;
  /** The primary's host name, which follows it as that of an RDS instance does. */
  let hostName: Service;
  let primary: Instance;
  let pods: Pods;
  let pooler: Service;
  let clients: Clients | undefined;

  before(async function () {
    server = await startData(this, tiers.scale, writers);
    primary = server.primary;
    hostName = await Service.listen();
    hostName.route(primary);
    pods = await Pods.start({ server, databasePort: hostName.port });
    pooler = await Service.listen();
    pooler.route(...pods.ready);
  });

  afterEach(() => clients?.kill());

  after(async () => {
    await pooler?.close();
    await hostName?.close();
    await server?.close();
  });

  const superuser = (sql: string) => {
    const { status, stdout, stderr } = primary.ask("postgres", "app", sql);
    if (status !== 0) throw new Error(`${sql}: ${stderr}`);
    return stdout;
  };

  /** Lets the writers work while the primary fails and comes back. Records what they saw. */
  async function underLoad(fault: FaultResult["fault"], failAndMend: () => Promise<void>): Promise<void> {
    superuser(emptyLedgerSql);
    clients = await Clients.start({ ...target(server, pooler.port), work: "write", clients: writers, thinkMs: 100 });
    clients.go();
    await sleep(aroundMs);
    clients.fault();
    await failAndMend();
    await sleep(aroundMs);
    const report = await clients.stop();
    const connection = await observer(server, "postgres", hostName.port);
    try {
      expect(await recordUnderLoad(fault, report, connection, server)).to.be.above(writers);
    } finally {
      await connection.end();
    }
    // Later, PgBouncer would have sent the waiting clients away.
    expect(report.recoveredMs).to.be.within(0, Number(ini.defaults.query_wait_timeout) * 1000);
  }

  it("restarts: every acknowledged write is there, each once", () =>
    underLoad(faults.restart, async () => {
      await primary.stop();
      await server.startServer();
    }));

  /** Starts a standby that has a write before it is acknowledged, as that of Multi-AZ has. */
  async function startStandby(name: string): Promise<Instance> {
    server.allowReplication();
    const standby = primary.copy(name, "localhost", await freePort());
    await standby.start();
    superuser(`ALTER SYSTEM SET synchronous_standby_names = '${name}'`);
    superuser("SELECT pg_reload_conf()");
    const isSynchronous = `SELECT sync_state FROM pg_stat_replication WHERE application_name = '${name}'`;
    await until(() => superuser(isSynchronous) === "sync\n", standby.log);
    return standby;
  }

  for (let turn = 1; turn <= failovers; turn++)
    it(`is lost, and its standby takes over, turn ${turn} of ${failovers}: every acknowledged write is there, each once`, async () => {
      const standby = await startStandby(`standby_${turn}`);
      await underLoad(faults.failover, async () => {
        await primary.kill();
        standby.promote();
        hostName.route(standby);
        primary = standby;
      });
    });
});

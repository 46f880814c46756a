import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { Client } from "pg";
import { tiers } from "../../tiers";
import { type Instance, until } from "../long/support/instance";
import type { PooledServer } from "../long/support/pooler";
import { replicaHost } from "../long/support/postgres";
import { Service } from "../long/support/service";
import { Clients } from "./support/clients";
import { observer, startData, target } from "./support/data-server";
import { faults } from "./support/faults";
import { size } from "./support/full";
import { balance, emptyLedgerSql, exact } from "./support/ledger";
import { Pods } from "./support/pods";
import { recordUnderLoad } from "./support/under-load";

const writers = size(200, 50);
const readers = size(200, 50);
/** Time of the load before and after a fault, in milliseconds. */
const aroundMs = size(10_000, 2_000);

/** How far the replica is behind: in bytes, as the primary sees it, and in seconds, as CloudWatch's ReplicaLag. */
const behind = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::int AS bytes FROM pg_stat_replication";
const lag = "SELECT coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0)::float AS seconds";

describe("a read replica", () => {
  let server: PooledServer;
  let replica: Instance;
  let pods: Pods;
  let service: Service;
  let superuser: Client;
  let clients: Clients;

  before(async function () {
    server = await startData(this, tiers.growth, writers);
    replica = await server.startReplica();
    pods = await Pods.start({ server, readHosts: [replicaHost] });
    service = await Service.listen();
    service.route(...pods.ready);
    superuser = await observer(server, "postgres", server.ports.server);
  });

  beforeEach(async () => {
    await superuser.query(emptyLedgerSql);
    const shared = { thinkMs: 100, connections: 20 };
    clients = await Clients.start(
      { ...target(server, service.port), ...shared, work: "write", clients: writers },
      { ...target(server, service.port, "app_ro"), ...shared, work: "read", clients: readers },
    );
    clients.go();
    await sleep(aroundMs);
  });

  afterEach(() => clients?.kill());

  after(async () => {
    await superuser?.end();
    await service?.close();
    await server?.close();
  });

  /** Bytes that the replica is behind. */
  const bytes = async (): Promise<number> => (await superuser.query(behind)).rows[0]?.bytes;
  const onReplica = (sql: string) => replica.ask("postgres", "app", sql).stdout.trim();

  it("reports how far it is behind, while it is and once it is not", async () => {
    const samples: number[] = [];
    for (let sample = 0; sample < 10; sample++) {
      samples.push(Number(onReplica(lag)) * 1000);
      await sleep(100);
    }
    onReplica("SELECT pg_wal_replay_pause()");
    await sleep(aroundMs);
    const [paused, seconds] = [await bytes(), Number(onReplica(lag))];
    onReplica("SELECT pg_wal_replay_resume()");
    const report = await clients.stop();
    const { rows } = await superuser.query("SELECT pg_current_wal_lsn() AS lsn");
    const caughtUp = `SELECT pg_last_wal_replay_lsn() >= '${rows[0].lsn}'`;
    await until(() => onReplica(caughtUp) === "t", replica.log.bind(replica));
    const sorted = samples.sort((a, b) => a - b).map((ms) => ms.toFixed(0));
    console.log(
      `      under load ${sorted[5]} ms behind in the median, ${sorted[9]} at most; paused: ${paused} bytes, ${seconds} s`,
    );
    expect(paused).to.be.above(0);
    expect(seconds).to.be.above(0);
    expect(await bytes()).to.equal(0);
    expect(report.errors).to.deep.equal({});
    expect(report.reads.replica).to.be.above(0);
    expect(await balance(superuser, report)).to.deep.include(exact);
    const rowsThere = "SELECT count(*) || ' ' || (SELECT sum(total) FROM balances) FROM ledger";
    expect(onReplica(rowsThere)).to.equal(server.primary.ask("postgres", "app", rowsThere).stdout.trim());
  });

  it("is lost: reads go on from the primary, writes do not notice", async function () {
    if (!server.readsFromSeveral) {
      console.log("      skipped: an older PgBouncer than 1.25 takes the list of hosts for one name (set PGBOUNCER)");
      return this.skip();
    }
    clients.fault();
    await replica.kill();
    await sleep(aroundMs);
    const report = await clients.stop();
    await recordUnderLoad(faults.replica, report, superuser, server);
    expect(report.reads.replica).to.be.above(0);
    expect(report.reads.primary).to.be.above(0);
    expect(report.recoveredMs).to.be.above(0);
  });
});

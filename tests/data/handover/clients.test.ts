import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Client } from "pg";
import type { HandoverVariables } from "../../../handover/environment";
import { requireBinaries } from "../../long/support/postgres";
import { EngineProcess, removeBuild, untilPhase } from "./support/engine";
import { Pair } from "./support/pair";
import { account, Writers, whole, writersSchema } from "./support/writers";

/** Clients that a switch has to reckon with, and what a supervisor mends after it. */
describe("the clients of a handover", function () {
  this.timeout(120_000);
  let pair: Pair;
  let variables: HandoverVariables;
  let engine: EngineProcess | undefined;
  let writers: Writers | undefined;
  const clients: Client[] = [];

  before(async function () {
    pair = await Pair.start({ bin: requireBinaries(this) });
    variables = pair.variables({ MAX_PAUSE_MS: 5000 });
    pair.run("source", writersSchema);
    engine = EngineProcess.start("run", variables);
    await untilPhase(variables, "ready", engine);
    await engine.kill();
    writers = await Writers.start(pair, 4, 20);
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)));
  });

  after(async () => {
    await writers?.stop();
    await engine?.kill();
    await pair?.close();
    removeBuild();
  });

  /** Connects through the first PgBouncer, or straight to a server. */
  async function connect(
    database: string,
    port = pair.pods[0]?.port,
  ): Promise<{ client: Client; ended: () => boolean }> {
    const { passwords, tls } = pair.source;
    const ssl = { ca: readFileSync(tls.ca), servername: "localhost" };
    const client = new Client({ host: "127.0.0.1", port, user: "app", password: passwords.app, database, ssl });
    let isEnded = false;
    client
      .on("error", () => undefined)
      .on("end", () => {
        isEnded = true;
      });
    await client.connect();
    clients.push(client);
    return { client, ended: () => isEnded };
  }
  const sideOf = async (client: Client) => {
    const { rows } = await client.query("SELECT inet_server_port() AS port");
    return rows[0].port === pair.target.ports.server ? "target" : "source";
  };

  it("takes a switch back in time where a transaction does not end, and moves once it has", async () => {
    const { client } = await connect("app");
    const superuser = new Client({ connectionString: variables.TARGET_URL });
    await superuser.connect();
    clients.push(superuser);
    // Made here, because it would wait for the transaction that follows.
    pair.sql("target", "SELECT pg_create_logical_replication_slot('handover_target', 'pgoutput')");
    // Holds the switch after it has found its clients calm, until one of them begins a long transaction.
    await superuser.query("BEGIN; SELECT FROM handover.ledger FOR UPDATE");
    const switching = EngineProcess.start("switch", variables);
    await switching.until("reverse-slot-advanced");
    await client.query(
      "BEGIN; INSERT INTO writes (writer, n) VALUES (99, 0); UPDATE balances SET credits = credits + 1 WHERE account = 0",
    );
    await superuser.query("ROLLBACK");
    await switching.until("switch-later");
    expect(switching.log()).to.contain('"reason":"the end of transactions took too long"').and.to.contain("taken-back");
    writers?.takeLongest();
    await client.query("COMMIT");
    writers?.acknowledged.add("99:0");
    const { code, stderr } = await switching.ended;
    expect(code, stderr).to.equal(0);
    expect(await sideOf(client)).to.equal("target");
  });

  it("waits for a transaction of the session pool, and then disconnects that client once", async () => {
    const { client, ended } = await connect("app_session");
    expect(await sideOf(client)).to.equal("target");
    await client.query("BEGIN; SELECT 1");
    const back = EngineProcess.start("back", variables);
    await back.until("switch-later");
    expect(back.log()).to.contain('"reason":"1 client(s) of the session pool in a transaction"');
    expect(ended()).to.equal(false);
    await client.query("COMMIT");
    expect((await back.ended).code).to.equal(0);
    expect(ended()).to.equal(true);
    expect(await sideOf((await connect("app_session")).client)).to.equal("source");
  });

  it("puts a PgBouncer that starts again on the side in use, and closes a side that was opened", async () => {
    expect((await EngineProcess.start("switch", variables).ended).code).to.equal(0);
    await writers?.stop();
    expect(writers?.errors).to.deep.equal([]);
    expect(account(pair, "target", writers as Writers)).to.deep.equal(whole);
    await pair.restartPod(0);
    // Its first file is that of the source, which lets nobody in.
    const refused = await connect("app").catch((error: Error) => error.message);
    expect(refused).to.contain("not permitted to log in");
    pair.sql("source", "ALTER ROLE app_b LOGIN");
    engine = EngineProcess.start("run", variables);
    await engine.until("supervised");
    expect(await sideOf((await connect("app")).client)).to.equal("target");
    await pair.restartPod(1);
    const port = pair.pods[1]?.port;
    let moved: string | undefined;
    for (let attempt = 0; moved !== "target" && attempt < 100; attempt++) {
      await sleep(100);
      moved = await connect("app", port)
        .then(({ client }) => sideOf(client))
        .catch(() => undefined);
    }
    expect(moved).to.equal("target");
    expect(pair.sql("source", "SELECT count(*) FROM pg_roles WHERE rolname ~ '^app' AND rolcanlogin")).to.equal("0");
    expect(engine.log()).to.contain("the source let app_b log in");
  });
});

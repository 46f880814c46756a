import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Client } from "pg";
import type { HandoverVariables } from "../../../handover/environment";
import { requireBinaries } from "../../long/support/postgres";
import { EngineProcess, removeBuild, untilPhase } from "./support/engine";
import { Pair } from "./support/pair";
import { account, Writers, whole, writersSchema } from "./support/writers";

/** What goes wrong around a handover: servers that are lost, clients that hold locks, secrets in errors. */
describe("a handover among faults", function () {
  this.timeout(120_000);
  let pair: Pair;
  let variables: HandoverVariables;
  let engine: EngineProcess | undefined;
  let writers: Writers | undefined;
  const held: Client[] = [];

  before(async function () {
    pair = await Pair.start({ bin: requireBinaries(this), pods: 1 });
    variables = pair.variables({ MAX_PAUSE_MS: 5000 });
  });

  afterEach(async () => {
    await Promise.all(held.splice(0).map((client) => client.end().catch(() => undefined)));
    await writers?.stop();
    writers = undefined;
    await engine?.kill();
    engine = undefined;
    await pair?.reset();
  });

  after(async () => {
    await pair?.close();
    removeBuild();
  });

  /** A session that holds something, of a superuser. */
  async function session(side: "source" | "target"): Promise<Client> {
    const client = new Client({ connectionString: variables[side === "source" ? "SOURCE_URL" : "TARGET_URL"] });
    client.on("error", () => undefined);
    await client.connect();
    await client.query("SET idle_in_transaction_session_timeout = 0");
    held.push(client);
    return client;
  }
  const slots = (side: "source" | "target") => pair.sql(side, "SELECT count(*) FROM pg_replication_slots");

  it("takes the switch back without the target, if that is lost in the pause", async () => {
    pair.run("source", writersSchema);
    engine = EngineProcess.start("run", variables);
    await untilPhase(variables, "ready", engine);
    writers = await Writers.start(pair, 4, 20);
    // Holds the switch at its fence, so that the target is lost in the pause.
    const holder = await session("source");
    await holder.query("BEGIN; ALTER ROLE app_b CONNECTION LIMIT 7");
    const switching = EngineProcess.start("switch", variables);
    await engine.until("pause");
    await pair.target.primary.kill();
    await holder.query("ROLLBACK");
    await engine.until("taken-back-alone");
    const before = writers.acknowledged.size;
    while (writers.acknowledged.size < before + 20 && writers.errors.length === 0) await sleep(20);
    await pair.target.primary.start();
    await switching.kill();
    const again = await EngineProcess.start("switch", variables).ended;
    expect(again.code, again.stderr + engine.log()).to.equal(0);
    await writers.stop();
    expect(writers.errors).to.deep.equal([]);
    expect(account(pair, "target", writers)).to.deep.equal(whole);
  });

  it("finishes without the old server, and leaves no slot that keeps WAL", async () => {
    pair.run("source", "CREATE TABLE kept (id int PRIMARY KEY)");
    engine = EngineProcess.start("run", { ...variables, SWITCH: "automatic" });
    await engine.until("exactly-verified");
    await pair.source.primary.kill();
    const finished = await EngineProcess.start("finish", variables).ended;
    expect(finished.code, finished.stderr + engine.log()).to.equal(0);
    expect(slots("target")).to.equal("0");
    expect(engine.log()).to.contain('"event":"left"');
    await pair.source.primary.start();
  });

  it("hands over a second time, the other way, and finishes that too", async () => {
    pair.run("source", "CREATE TABLE kept (id int PRIMARY KEY); INSERT INTO kept VALUES (1)");
    engine = EngineProcess.start("run", { ...variables, SWITCH: "automatic" });
    await engine.until("exactly-verified");
    expect((await EngineProcess.start("finish", variables).ended).code).to.equal(0);
    expect(await engine.stop()).to.equal(0);
    const drop = pair.source.primary.ask("postgres", "postgres", "DROP DATABASE app WITH (FORCE)");
    expect(drop.status, drop.stderr).to.equal(0);
    pair.source.bootstrap();
    const { SOURCE_URL, TARGET_URL, SOURCE_CONFIG, TARGET_CONFIG } = variables;
    const back: HandoverVariables = {
      ...variables,
      SOURCE_URL: TARGET_URL,
      TARGET_URL: SOURCE_URL,
      SOURCE_REPLICATION_URL: variables.TARGET_REPLICATION_URL,
      TARGET_REPLICATION_URL: variables.SOURCE_REPLICATION_URL,
      SOURCE_CONFIG: TARGET_CONFIG,
      TARGET_CONFIG: SOURCE_CONFIG,
      SWITCH: "automatic",
    };
    engine = EngineProcess.start("run", back);
    await engine.until("exactly-verified");
    const finished = await EngineProcess.start("finish", back).ended;
    expect(finished.code, finished.stderr + engine.log()).to.equal(0);
    expect([slots("source"), slots("target")]).to.deep.equal(["0", "0"]);
    expect(pair.sql("source", "SELECT count(*) FROM kept")).to.equal("1");
  });

  it("names a PgBouncer that it cannot reach; a switch that is refused leaves no slot", async () => {
    const wrong = { ...variables, POOLERS: `${variables.POOLERS},127.0.0.1:1` };
    pair.run("source", "CREATE TABLE kept (id int PRIMARY KEY)");
    engine = EngineProcess.start("run", wrong);
    await untilPhase(variables, "ready", engine);
    const switching = EngineProcess.start("switch", wrong);
    await engine.until("switch-later");
    expect(engine.log()).to.contain('"reason":"PgBouncer 127.0.0.1:1: ');
    expect(slots("target")).to.equal("1");
    pair.run("source", "ALTER TABLE kept ADD COLUMN more int");
    expect((await switching.ended).code).to.equal(2);
    expect(slots("target")).to.equal("0");
  });

  it("copies a table for longer than the server lets a statement run", async () => {
    pair.run(
      "source",
      "CREATE TABLE kept AS SELECT i AS id, repeat('x', 200) AS text FROM generate_series(1, 150000) i",
    );
    pair.source.primary.ask("postgres", "postgres", "ALTER SYSTEM SET statement_timeout = '50ms'");
    pair.sql("source", "ALTER ROLE postgres RESET statement_timeout; SELECT pg_reload_conf()");
    engine = EngineProcess.start("run", variables);
    await untilPhase(variables, "ready", engine);
    expect(pair.source.serverLog()).to.not.contain("canceling statement due to statement timeout");
    pair.source.primary.ask("postgres", "postgres", "ALTER SYSTEM RESET statement_timeout");
    pair.sql("source", "SELECT pg_reload_conf()");
  });

  it("refuses to wait for a copy whose WAL the source has removed", async () => {
    // Holds the copy at its first row, as a slow network does: on the target, the check waits for the lock of the holder.
    pair.run(
      "source",
      `CREATE FUNCTION passes() RETURNS boolean LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(7); RETURN true; END';
       CREATE TABLE kept (id int CHECK (public.passes()), text text);
       INSERT INTO kept SELECT i, repeat('x', 200) FROM generate_series(1, 150000) i`,
    );
    const holder = await session("target");
    await holder.query("SELECT pg_advisory_lock(7)");
    engine = EngineProcess.start("run", variables);
    const limit = (value: string) => {
      pair.source.primary.ask("postgres", "postgres", `ALTER SYSTEM ${value}`);
      pair.sql("source", "SELECT pg_reload_conf()");
    };
    const waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    for (let attempt = 0; pair.sql("target", waits) !== "1"; attempt++) {
      expect(attempt, engine.log()).to.be.below(600);
      await sleep(100);
    }
    try {
      for (let segment = 0; segment < 6; segment++)
        pair.sql("source", "SELECT pg_logical_emit_message(false, 'fill', 'x'); SELECT pg_switch_wal()");
      // The slot of everything that follows keeps up. That of the table does not.
      const kept = `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) > ${2 ** 24} FROM pg_replication_slots
        WHERE slot_name = 'handover_source'`;
      while (pair.sql("source", kept) === "t") {
        pair.sql("source", "CHECKPOINT");
        await sleep(200);
      }
      limit("SET max_slot_wal_keep_size = '16MB'");
      pair.sql("source", "CHECKPOINT");
      await engine.until("problem");
    } finally {
      await holder.query("SELECT pg_advisory_unlock(7)");
      limit("RESET max_slot_wal_keep_size");
    }
    expect(engine.log()).to.contain(
      "the source, WAL: given less than the copy still needs: the server has removed it; allowed: a target that follows",
    );
    expect((await EngineProcess.start("abort", variables).ended).code, engine.log()).to.equal(0);
    expect(slots("source")).to.equal("0");
  });

  it("does not make clients queue behind a change of identity, and gives back the identity that a table had", async () => {
    pair.run(
      "source",
      "CREATE TABLE keyless (id int); CREATE TABLE own (id int); ALTER TABLE own REPLICA IDENTITY FULL; " +
        "CREATE TABLE none (id int PRIMARY KEY); ALTER TABLE none REPLICA IDENTITY NOTHING",
    );
    const report = await session("source");
    await report.query("BEGIN; SELECT count(*) FROM public.keyless");
    engine = EngineProcess.start("run", variables);
    await engine.until("schema-copied");
    await sleep(1000);
    const client = await session("source");
    await client.query("SET lock_timeout = 3000; SELECT count(*) FROM public.keyless");
    expect(engine.log()).to.not.contain("keys-made");
    await report.query("COMMIT");
    await untilPhase(variables, "ready", engine);
    const identities =
      "SELECT string_agg(relreplident::text, '' ORDER BY relname) FROM pg_class WHERE relname IN ('keyless', 'none', 'own')";
    expect(pair.sql("source", identities)).to.equal("fff");
    pair.run("source", "INSERT INTO none VALUES (1); UPDATE none SET id = 2");
    expect((await EngineProcess.start("abort", variables).ended).code).to.equal(0);
    expect(pair.sql("source", identities)).to.equal("dnf");
  });

  it("shows no password, neither in its log nor in the arguments of a program", async () => {
    const folder = mkdtempSync(join(tmpdir(), "handover-path-"));
    try {
      writeFileSync(join(folder, "pg_dump"), '#!/bin/sh\necho "refused: $*" >&2\nexit 1\n');
      chmodSync(join(folder, "pg_dump"), 0o755);
      pair.run("source", "CREATE TABLE kept (id int PRIMARY KEY)");
      engine = EngineProcess.start("run", { ...variables, PATH: `${folder}:${process.env.PATH}` } as HandoverVariables);
      await engine.until("problem");
      expect(engine.log())
        .to.contain("pg_dump: refused: --schema-only")
        .and.to.contain("postgres://postgres@localhost");
      expect(engine.log()).to.not.contain(pair.source.passwords.postgres);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("watches over the PgBouncers while the sides are compared", async () => {
    pair.run(
      "source",
      "CREATE TABLE kept AS SELECT i AS id, repeat(md5(i::text), 20) AS text FROM generate_series(1, 300000) i",
    );
    engine = EngineProcess.start("run", variables);
    await untilPhase(variables, "ready", engine);
    // On request: after a switch of its own accord the engine waits for its next tick, and the comparison may be over by then.
    expect((await EngineProcess.start("switch", variables).ended).code, engine.log()).to.equal(0);
    await engine.until("compared");
    await engine.until("supervised");
    const at = (event: string) => engine?.log().indexOf(`"event":"${event}"`) as number;
    expect(at("supervised")).to.be.above(at("switch-complete")).and.below(at("compared"));
  });
});

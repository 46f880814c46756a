import { expect } from "chai";
import type { HandoverVariables } from "../../../handover/environment";
import { requireBinaries } from "../../long/support/postgres";
import { EngineProcess, removeBuild, untilPhase } from "./support/engine";
import { Pair } from "./support/pair";

/** What the engine refuses, and that nothing is left where it ends early. */
describe("a handover that must not be", function () {
  this.timeout(120_000);
  let pair: Pair;
  let variables: HandoverVariables;
  let engine: EngineProcess | undefined;

  before(async function () {
    pair = await Pair.start({ bin: requireBinaries(this), pods: 1 });
    variables = pair.variables({ MAX_PAUSE_MS: 5000 });
  });

  afterEach(async () => {
    await engine?.kill();
    engine = undefined;
    await pair?.reset();
  });

  after(async () => {
    await pair?.close();
    removeBuild();
  });

  const start = async () => {
    pair.run("source", "CREATE TABLE kept (id int PRIMARY KEY); INSERT INTO kept SELECT generate_series(1, 100)");
    engine = EngineProcess.start("run", variables);
    await untilPhase(variables, "ready", engine);
  };

  it("refuses at the start, all at once, changes nothing, and goes on once it may", async () => {
    pair.sql(
      "source",
      `SELECT lo_from_bytea(0, 'large'); CREATE UNLOGGED TABLE public.lost AS SELECT 1; CREATE TABLE public.kept (id int PRIMARY KEY);
       CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
       CREATE FOREIGN TABLE public.elsewhere (a text) SERVER files OPTIONS (filename '/dev/null')`,
    );
    pair.sql("target", "CREATE TABLE public.precious (id int)");
    const wanted = [
      "the source, unlogged tables with rows: given public.lost",
      "the source, large objects: given 1",
      "the source, foreign tables: given public.elsewhere",
      "the target, tables: given public.precious",
    ];
    const heads = (text: string) =>
      text
        .trim()
        .split("\n")
        .map((line) => line.split("; allowed")[0]);
    const inspected = await EngineProcess.start("inspect", variables).ended;
    expect([inspected.code, heads(inspected.stderr)]).to.deep.equal([2, wanted]);
    engine = EngineProcess.start("run", variables);
    await engine.until("problem");
    const status = JSON.parse((await EngineProcess.start("status", variables).ended).stdout);
    expect(status.phase).to.equal("new");
    expect(heads(status.details.problem)).to.deep.equal(wanted);
    for (const side of ["source", "target"] as const)
      expect(
        pair.sql(side, "SELECT (SELECT count(*) FROM pg_replication_slots) + (SELECT count(*) FROM pg_publication)"),
      ).to.equal("0");
    expect(pair.sql("target", "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'app'")).to.equal("t");
    pair.sql(
      "source",
      "SELECT lo_unlink(oid) FROM pg_largeobject_metadata; DROP EXTENSION file_fdw CASCADE; TRUNCATE lost",
    );
    pair.sql("target", "DROP TABLE precious");
    await untilPhase(variables, "ready", engine);
    expect(JSON.parse((await EngineProcess.start("status", variables).ended).stdout).details.problem).to.equal(null);
  });

  it("drops nothing in a target that it refused", async () => {
    pair.sql("target", "CREATE SCHEMA other; CREATE TABLE other.t (id int); CREATE TABLE public.precious AS SELECT 1");
    engine = EngineProcess.start("run", variables);
    await engine.until("problem");
    const aborted = await EngineProcess.start("abort", variables).ended;
    expect(aborted.code, aborted.stderr).to.equal(0);
    expect(pair.sql("target", "SELECT to_regclass('public.precious'), to_regclass('other.t')")).to.equal(
      "precious|other.t",
    );
    expect(pair.sql("target", "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'app'")).to.equal("t");
  });

  it("refuses a command without a handover, and what has no place in the phase; a second supervisor waits", async () => {
    const early = await EngineProcess.start("switch", variables).ended;
    expect(early).to.deep.include({
      code: 2,
      stderr: "switch: given no handover on the target; allowed: a handover that was started; fix: start it with run\n",
    });
    await start();
    const second = EngineProcess.start("run", variables);
    await second.until("waiting");
    const back = await EngineProcess.start("back", variables).ended;
    expect([back.code, back.stderr]).to.deep.equal([
      2,
      "back: given a handover in the phase ready, clients on the source; allowed: after a switch; fix: nothing to do: clients use the source\n",
    ]);
    await engine?.kill();
    engine = second;
    await second.until("ledger-made");
    expect(await second.stop()).to.equal(0);
  });

  it("names every fault of its environment, and no secret", async () => {
    const wrong = { ...variables, SOURCE_URL: "mysql://secret", MAX_PAUSE_MS: "5" };
    const { code, stderr } = await EngineProcess.start("status", wrong).ended;
    expect([code, stderr]).to.deep.equal([
      2,
      "environment, SOURCE_URL: given another value; allowed: a postgres:// URL with a database; fix: set it in the container of the handover\n" +
        "environment, MAX_PAUSE_MS: given another value; allowed: Too small: expected number to be >=100; fix: set it in the container of the handover\n",
    ]);
  });

  it("catches a change of the schema before the switch, and goes on once both sides have it", async () => {
    await start();
    pair.run("source", "ALTER TABLE kept ADD COLUMN more int DEFAULT 5; CREATE TABLE other (id int PRIMARY KEY)");
    const changed = await EngineProcess.start("switch", variables).ended;
    expect(changed.code).to.equal(2);
    expect(changed.stderr)
      .to.contain("schema: given the source alone has column public.kept.more integer  5")
      .and.to.contain("and 3 more");
    pair.run("source", "DROP TABLE other");
    pair.sql("target", "SET ROLE app; ALTER TABLE public.kept ADD COLUMN more int DEFAULT 5");
    const switched = await EngineProcess.start("switch", variables).ended;
    expect(switched.code, switched.stderr).to.equal(0);
  });

  it("finds rows that differ, and is not ready until they do not", async () => {
    pair.run("source", "CREATE TABLE kept (id int PRIMARY KEY); INSERT INTO kept SELECT generate_series(1, 100)");
    engine = EngineProcess.start("run", variables, "copied");
    await engine.ended;
    pair.sql("target", "DELETE FROM public.kept WHERE id IN (7, 8)");
    engine = EngineProcess.start("run", variables);
    await engine.until("copy-differs");
    expect(engine.log()).to.contain('"differences":["public.kept: 2 rows"]');
    const refused = await EngineProcess.start("switch", variables).ended;
    expect(refused).to.deep.include({ code: 2 });
    pair.sql("target", "INSERT INTO public.kept VALUES (7), (8)");
    await untilPhase(variables, "ready", engine);
  });

  it("aborts: the target is empty and stays closed, the source is as before; a new handover can start", async () => {
    await start();
    const aborted = await EngineProcess.start("abort", variables).ended;
    expect(aborted.code, aborted.stderr).to.equal(0);
    // If the supervisor has ended before the command looks, the command takes its place, whose events it prints first.
    expect(aborted.stdout.split("\n").slice(-2)).to.deep.equal(["aborted", ""]);
    expect((await engine?.ended)?.code).to.equal(0);
    const left = `SELECT (SELECT count(*) FROM pg_replication_slots), (SELECT count(*) FROM pg_publication),
      (SELECT count(*) FROM pg_subscription), to_regclass('public.kept'), to_regclass('handover.heartbeat')`;
    expect(pair.sql("target", left)).to.equal("0|0|0||");
    expect(pair.sql("source", left)).to.equal("0|0|0|kept|");
    expect([pair.isOpen("source"), pair.isOpen("target")]).to.deep.equal([true, false]);
    engine = EngineProcess.start("run", variables);
    await untilPhase(variables, "ready", engine);
  });
});

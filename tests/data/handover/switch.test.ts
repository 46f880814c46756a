import { writeFileSync } from "node:fs";
import { expect } from "chai";
import type { HandoverVariables } from "../../../handover/environment";
import { requireBinaries } from "../../long/support/postgres";
import { size } from "../support/full";
import { compared, EngineProcess, removeBuild, untilPhase } from "./support/engine";
import { Pair } from "./support/pair";
import { account, Writers, whole, writersSchema } from "./support/writers";

/** Switches in a row, there and back in turns. */
const switches = Number(process.env.HANDOVER_SWITCHES ?? size(100, 4));
/** Writes on the new side before the last way back: at full size an hour's, at the 50 queries a second of MVP. */
const writesBeforeBack = size(50 * 3600, 2_000);
/** Rows beside those that the writers write. */
const rows = Number(process.env.HANDOVER_ROWS ?? 100_000);
/** File for the figures, as JSON. */
const resultFile = process.env.HANDOVER_RESULT;

/** A row of about 200 bytes, as a product's are. */
const bulk = `SET statement_timeout = 0; CREATE TABLE bulk (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, body jsonb, at timestamptz DEFAULT now());
  INSERT INTO bulk (name, body) SELECT 'item ' || i, jsonb_build_object('a', md5(i::text), 'b', md5((i * 7)::text), 'n', i)
  FROM generate_series(1, ${rows}) i; CREATE INDEX ON bulk (name);`;

const percentile = (values: number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(values.length * share) - 1)] as number;
const spread = (values: number[]) => ({
  p50: percentile(values, 0.5),
  p99: percentile(values, 0.99),
  max: Math.max(...values),
});

/** The engine, built as its image is, between two real servers, under writers that never stop. */
describe("a handover under continuous writers", function () {
  this.timeout(3_600_000);
  let pair: Pair;
  let variables: HandoverVariables;
  let engine: EngineProcess | undefined;
  let writers: Writers | undefined;

  before(async function () {
    pair = await Pair.start({ bin: requireBinaries(this) });
    // Longer than the goal: other tests share the machine. What was taken is printed.
    variables = pair.variables({ MAX_PAUSE_MS: process.env.HANDOVER_MAX_PAUSE_MS ?? 5000 });
  });

  after(async () => {
    await writers?.stop();
    await engine?.kill();
    await pair?.close();
    removeBuild();
  });

  it(`copies ${rows} rows, and moves the clients ${switches} times: 0 lost, 0 doubled, 0 errors`, async () => {
    pair.run("source", writersSchema + bulk);
    // What a table that has just been filled writes when it is vacuumed first would be WAL of the copy's time.
    pair.sql("source", "SET statement_timeout = 0; VACUUM (FREEZE, ANALYZE) bulk");
    writers = await Writers.start(pair);
    engine = EngineProcess.start("run", variables);
    await untilPhase(variables, "ready", engine);
    const status = await EngineProcess.start("status", variables).ended;
    const mebibytes = Math.round(Number(pair.sql("source", "SELECT pg_database_size('app')")) / 2 ** 20);
    const seen: number[] = [];
    const engineMs: number[] = [];
    for (let number = 0; number < switches; number++) {
      if (number === switches - 1) await writers.further(writesBeforeBack);
      writers.takeLongest();
      const moved = await EngineProcess.start(number % 2 === 0 ? "switch" : "back", variables).ended;
      expect(moved.code, moved.stderr + engine.log()).to.equal(0);
      const { pauseMs } = JSON.parse(moved.stdout);
      seen.push(writers.takeLongest());
      const { verified } = (await compared(variables)).details;
      expect(verified).to.deep.include({ exact: true, tables: 3, differences: [] });
      expect(verified.rows).to.be.at.least(rows);
      engineMs.push(pauseMs);
    }
    await writers.stop();
    expect(writers.errors).to.deep.equal([]);
    expect(account(pair, switches % 2 === 0 ? "source" : "target", writers)).to.deep.equal(whole);
    const { copySeconds } = JSON.parse(status.stdout).details;
    const figures = {
      rows,
      mebibytes,
      switches,
      copySeconds,
      writes: writers.acknowledged.size,
      writerMs: spread(seen),
      engineMs: spread(engineMs),
    };
    console.log(`      ${JSON.stringify(figures)}`);
    if (resultFile) writeFileSync(resultFile, `${JSON.stringify(figures, undefined, 2)}\n`);
  });

  it("ends with the side in use open, the other closed and whole, and nothing left of the replication", async () => {
    const finished = await EngineProcess.start("finish", variables).ended;
    expect(finished).to.deep.include({ code: 0, stdout: "finished\n" });
    // It keeps the PgBouncers on the side in use until the stack removes it.
    expect(await engine?.stop()).to.equal(0);
    const [active, other] = switches % 2 === 0 ? (["source", "target"] as const) : (["target", "source"] as const);
    expect([pair.isOpen(active), pair.isOpen(other)]).to.deep.equal([true, false]);
    for (const side of [active, other]) {
      const left = `SELECT (SELECT count(*) FROM pg_replication_slots) + (SELECT count(*) FROM pg_subscription)
        + (SELECT count(*) FROM pg_publication) + (SELECT count(*) FROM pg_class WHERE relname = 'heartbeat')`;
      expect(pair.sql(side, left), side).to.equal("0");
    }
    expect(pair.sql(other, "SELECT count(*) FROM public.bulk")).to.equal(String(rows));
  });
});

import { expect } from "chai";
import { requireBinaries } from "../../long/support/postgres";
import { compared, EngineProcess, removeBuild, untilPhase } from "./support/engine";
import { Pair } from "./support/pair";
import { requireReleases } from "./support/releases";
import { account, Writers, whole, writersSchema } from "./support/writers";

/** What a product has beside the writers' tables: other schemas, partitions, a trigger, a table without a key. */
const product = `
  CREATE SCHEMA billing;
  CREATE TABLE billing.invoices (id uuid DEFAULT gen_random_uuid(), month date NOT NULL, cents bigint, PRIMARY KEY (id, month))
    PARTITION BY RANGE (month);
  CREATE TABLE billing.invoices_2026 PARTITION OF billing.invoices FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  INSERT INTO billing.invoices (month, cents) SELECT '2026-01-01'::date + i % 300, i FROM generate_series(1, 5000) i;
  CREATE TABLE notes (text text);
  INSERT INTO notes SELECT 'note ' || i % 7 FROM generate_series(1, 100) i;
  CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.text := NEW.text || ''!''; RETURN NEW; END';
  CREATE TRIGGER touched BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION touched();`;

/** The stack's own roles, by its bootstrap: the engine has no superuser on either side. */
describe("a handover by the engine's own role", function () {
  this.timeout(240_000);

  for (const from of ["cluster", "managed"] as const)
    describe(`from ${from === "cluster" ? "the in-cluster server" : "RDS"} to RDS with a later major`, () => {
      let pair: Pair;
      let writers: Writers | undefined;
      let engine: EngineProcess | undefined;

      before(async function () {
        const bin = requireBinaries(this);
        const { current, later } = requireReleases(this, bin);
        const inStack = { source: from, target: "managed" } as const;
        pair = await Pair.start({ bin: current, targetBin: later, pods: 1, inStack });
      });

      after(async () => {
        await writers?.stop();
        await engine?.kill();
        await pair?.close();
        removeBuild();
      });

      const flags = "SELECT rolsuper, rolreplication, rolcreaterole FROM pg_roles WHERE rolname = 'handover'";

      it("copies, switches, goes back, switches again and finishes: nothing lost, nothing doubled, no error", async () => {
        for (const side of ["source", "target"] as const) expect(pair.sql(side, flags), side).to.equal("f|t|t");
        pair.run("source", writersSchema + product);
        const variables = pair.variables({ MAX_PAUSE_MS: 5000 });
        expect(variables.SOURCE_URL).to.match(/^postgres:\/\/handover:/);
        writers = await Writers.start(pair);
        engine = EngineProcess.start("run", variables);
        await untilPhase(variables, "ready", engine);
        for (const command of ["switch", "back", "switch"] as const) {
          const moved = await EngineProcess.start(command, variables).ended;
          expect(moved.code, moved.stderr + engine.log()).to.equal(0);
          expect((await compared(variables)).details.verified).to.deep.include({ exact: true, differences: [] });
        }
        await writers.stop();
        expect(writers.errors).to.deep.equal([]);
        expect(account(pair, "target", writers)).to.deep.equal(whole);
        const finished = await EngineProcess.start("finish", variables).ended;
        expect(finished, finished.stderr).to.deep.include({ code: 0, stdout: "finished\n" });
        expect(await engine.stop()).to.equal(0);
      });

      it("leaves tables of the application's, and no replication", () => {
        const owners = `SELECT DISTINCT tableowner FROM pg_tables
          WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'handover')`;
        expect(pair.sql("target", owners)).to.equal("app");
        for (const side of ["source", "target"] as const) {
          const left = `SELECT (SELECT count(*) FROM pg_replication_slots) + (SELECT count(*) FROM pg_stat_subscription)
            + (SELECT count(*) FROM pg_publication)`;
          expect(pair.sql(side, left), side).to.equal("0");
        }
        expect(
          pair.run("target", "SELECT (SELECT count(*) FROM billing.invoices), (SELECT count(*) FROM notes)"),
        ).to.equal("5000|100");
      });

      it("ends the role on the side in use, and has the bootstrap refuse the other one", () => {
        pair.bootstrap("target", "possible");
        const { target } = pair;
        const login = target.ask(target.ports.server, "handover", "app", "SELECT 1");
        expect(login.stderr).to.contain('role "handover" is not permitted to log in');
        expect(pair.run("target", "SELECT 1")).to.equal("1");
        expect(() => pair.bootstrap("source", "possible")).to.throw("app: given a role without LOGIN");
      });
    });
});

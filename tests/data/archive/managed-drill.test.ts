import { expect } from "chai";
import { Managed, target } from "./support/managed";
import { Writers } from "./support/writers";

/** `npm run drill -- restore` on RDS: its API in memory, its instances real servers with TLS. */
describe("the drill that restores RDS", function () {
  this.timeout(300_000);
  let managed: Managed;
  let writers: Writers;

  before(async function () {
    managed = await Managed.start(this);
    writers = await Writers.start(managed.server, 3);
  });
  after(async () => {
    await writers?.stop();
    await managed?.stop();
  });
  beforeEach(() => {
    managed.rds.instances.delete(target);
    managed.rds.changes.length = 0;
    managed.onRestored = () => undefined;
  });

  /** Runs the drill while the product is written to. No instance is left. */
  async function drill() {
    const writing = writers.write(600);
    const run = await managed.run("restore", "--yes");
    await writing;
    expect(managed.rds.changes).to.deep.equal([`restore ${target}`, `delete ${target} with its backups`]);
    expect(managed.runs).to.equal(false);
    return run;
  }

  /** Lines that say what is not as predicted. */
  const wrong = (stdout: string) => stdout.split("\n").filter((line) => line.startsWith("- "));

  it("finds all in what RDS restores of a database that is written to", async () => {
    const { code, stdout, stderr } = await drill();
    console.log(stdout.replaceAll(/^(?=.)/gm, "      "));
    expect([code, stderr, wrong(stdout)]).to.deep.equal([0, "", []]);
    expect(stdout).to.match(/^Restored: 3 tables, \d+ rows; extensions pg_stat_statements [\d.]+, plpgsql [\d.]+\.$/m);
    expect(stdout).to.match(/^Measured: RTO .+, RPO .+\.$/m);
  });

  it("misses a table, and rows, that are not restored, and ends with 1", async () => {
    managed.onRestored = (restored) =>
      restored.ask("postgres", "app", "DROP TABLE ballast; DELETE FROM ledger WHERE writer = 1 AND id <= 7");
    const { code, stdout } = await drill();
    expect(code).to.equal(1);
    const [schema, table, rows, ...more] = wrong(stdout);
    expect([schema, table, more]).to.deep.equal(["- the schema differs", "- table public.ballast is not restored", []]);
    expect(rows).to.match(/^- table public\.ledger has \d+ of the rows from before: the product had \d+, and has \d+$/);
  });

  it("sees a row that was changed, where none is missing", async () => {
    managed.onRestored = (restored) => restored.ask("postgres", "app", "UPDATE ballast SET text = '' WHERE n = 4711");
    const { code, stdout } = await drill();
    // The changed row is one of a later transaction.
    const ballast = "- table public.ballast has 19999 of the rows from before: the product had 20000, and has 20000";
    expect([code, wrong(stdout)]).to.deep.equal([1, [ballast]]);
  });

  it("trusts no server whose certificate names another, and deletes the instance", async () => {
    const { certified } = managed;
    managed.certified = "shop-primary.abc.us-east-1.rds.amazonaws.com";
    const { code, stderr } = await drill();
    managed.certified = certified;
    expect(code).to.equal(1);
    expect(stderr).to.match(
      /^data\/rds-client: psql failed: .*server certificate for "[^"]+".* does not match host name "shop-primary-drill\./,
    );
  });
});

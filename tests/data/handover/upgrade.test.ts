import { expect } from "chai";
import { requireBinaries } from "../../long/support/postgres";
import { compared, EngineProcess, removeBuild, untilPhase } from "./support/engine";
import { Pair } from "./support/pair";
import { requireReleases } from "./support/releases";
import { account, Writers, whole, writersSchema } from "./support/writers";

/** To a later major, and back to the earlier one: what no file of the server allows. */
describe("a handover to a later major version", function () {
  this.timeout(240_000);
  let pair: Pair;
  let writers: Writers | undefined;
  let engine: EngineProcess | undefined;

  before(async function () {
    const bin = requireBinaries(this);
    pair = await Pair.start({ bin, targetBin: requireReleases(this, bin).later, pods: 1 });
  });

  after(async () => {
    await writers?.stop();
    await engine?.kill();
    await pair?.close();
    removeBuild();
  });

  it("moves clients to it and back: nothing lost, nothing doubled, no error", async () => {
    const major = (side: "source" | "target") => Number(pair.sql(side, "SHOW server_version_num").slice(0, 2));
    expect(major("target")).to.be.above(major("source"));
    console.log(`      from ${major("source")} to ${major("target")}`);
    pair.run("source", writersSchema);
    const variables = pair.variables({ MAX_PAUSE_MS: 5000 });
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
  });
});

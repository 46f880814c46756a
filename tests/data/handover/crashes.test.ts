import { expect } from "chai";
import type { HandoverVariables } from "../../../handover/environment";
import { type Step, steps } from "../../../handover/steps";
import { requireBinaries } from "../../long/support/postgres";
import { faults, measuredNow, postgresVersion, recordFault } from "../support/faults";
import { compared, EngineProcess, removeBuild, untilPhase } from "./support/engine";
import { Pair } from "./support/pair";
import { account, Writers, whole, writersSchema } from "./support/writers";

/** Steps of the copy, of a switch, and after it: each is the end of one process. */
const at = (first: Step, last: Step) => steps.slice(steps.indexOf(first), steps.indexOf(last) + 1);
const copySteps = at("ledger-made", "verified");
const switchSteps = at("reverse-slot-made", "exactly-verified");

/** `kill -9` at every step that the log names, under writers that never stop. What was killed is only started again. */
describe("a handover that is killed at each of its steps", function () {
  this.timeout(300_000);
  let pair: Pair;
  let variables: HandoverVariables;
  let writers: Writers;
  let engine: EngineProcess | undefined;
  let active: "source" | "target" = "source";
  let kills = 0;

  before(async function () {
    pair = await Pair.start({ bin: requireBinaries(this) });
    variables = pair.variables({ MAX_PAUSE_MS: 5000 });
    pair.run("source", writersSchema);
    writers = await Writers.start(pair);
  });

  after(async () => {
    await writers?.stop();
    await engine?.kill();
    await pair?.close();
    removeBuild();
  });

  /** Whether clients can log in to the source, and to the target. */
  const open = () => [pair.isOpen("source"), pair.isOpen("target")];

  async function killedAt(command: "run" | "switch" | "back" | "finish", step: Step): Promise<void> {
    kills++;
    const { code, stdout, stderr } = await EngineProcess.start(command, variables, step).ended;
    expect(code, `${command} was not killed at ${step}:\n${stdout}${stderr}`).to.equal(undefined);
    expect(open(), `both sides open after ${step}`).to.not.deep.equal([true, true], step);
  }

  it(`copies, though killed ${copySteps.length} times`, async () => {
    for (const step of copySteps) {
      kills++;
      const { code, stdout, stderr } = await EngineProcess.start("run", variables, step).ended;
      expect(code, `run was not killed at ${step}:\n${stdout}${stderr}`).to.equal(undefined);
    }
    engine = EngineProcess.start("run", variables);
    await untilPhase(variables, "ready", engine);
    await engine.kill();
    expect(open()).to.deep.equal([true, false]);
  });

  for (const step of switchSteps)
    it(`moves the clients, though killed at ${step}`, async () => {
      const command = active === "source" ? "switch" : "back";
      await killedAt(command, step);
      const again = await EngineProcess.start(command, variables).ended;
      expect(again.code, again.stdout + again.stderr).to.equal(0);
      active = active === "source" ? "target" : "source";
      expect(open()).to.deep.equal([active === "source", active === "target"]);
      const status = await compared(variables);
      expect(status).to.deep.include({ active, switching: null });
      expect(status.details.verified.differences).to.deep.equal([]);
      expect(writers.errors, pair.poolerLog()).to.deep.equal([]);
    });

  it("takes a switch back, though killed in doing so", async () => {
    const command = active === "source" ? "switch" : "back";
    await killedAt(command, "fence");
    await killedAt(command, "taken-back");
    const again = await EngineProcess.start(command, variables).ended;
    expect(again.code, again.stdout + again.stderr).to.equal(0);
    active = active === "source" ? "target" : "source";
  });

  it("finishes, though killed in doing so, with every acknowledged write once and no error", async () => {
    await writers.stop();
    await killedAt("finish", "removed");
    const again = await EngineProcess.start("finish", variables).ended;
    expect(again.code, again.stdout + again.stderr).to.equal(0);
    const sums = account(pair, active, writers);
    const errors = `${writers.errors.length || "no"} errors`;
    recordFault({
      fault: faults.handover,
      saw: `${kills} kills, each time started again: ${errors}; slowest write ${(writers.takeLongest() / 1000).toFixed(1)} s`,
      acknowledged: writers.acknowledged.size,
      lost: sums.lost,
      measured: measuredNow(postgresVersion(pair.source.bin.postgres), `PgBouncer ${pair.source.version}`),
    });
    expect(writers.errors).to.deep.equal([]);
    expect(sums).to.deep.equal(whole);
    expect(open()).to.deep.equal([active === "source", active === "target"]);
  });
});

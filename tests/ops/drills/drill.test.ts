import { expect } from "chai";
import { commandOf, type Drill, mistakes, type Outcome, type Prediction } from "../../../ops/drills/drill";
import { drills } from "../../../ops/drills/drills";
import { commandHelp, overview } from "../../../ops/help";
import { runProgram } from "../../../ops/run";
import { captured } from "../../support/captured";
import { Cluster } from "../cluster";
import { runOn } from "../world";

const prediction: Prediction = { rtoSeconds: 60, rpoSeconds: 0, callers: "errors for seconds", source: "a book" };
const outcome: Outcome = { rtoSeconds: 45, rpoSeconds: 0, seen: ["It was done."], wrong: [] };

/** A program with a drill that has an outcome. */
function practised(given: Partial<Outcome>, question: string | undefined = "Do it?") {
  const done: string[] = [];
  const drill: Drill = {
    name: "storm",
    summary: "a storm",
    usage: ["storm"],
    about: [],
    options: [],
    examples: [],
    words: 0,
    prepare: async () => ({
      prediction,
      what: "make a storm",
      ...(question !== undefined && { question }),
      does: async () => {
        done.push("storm");
        return { ...outcome, ...given };
      },
    }),
  };
  const kube = new Cluster();
  return { done, kube, given: { kube, program: { ...drills, commands: [commandOf(drill)] } } };
}

const head = "Prediction: RTO at most 1 min, RPO at most nothing.\nCallers: errors for seconds.\nFrom: a book.\n";

describe("a drill", () => {
  it("writes its prediction first, and does nothing in a dry run or where nobody agrees", async () => {
    const { given, done, kube } = practised({});
    expect(await runOn(given, "storm", "--dry-run")).to.deep.equal({
      code: 0,
      stdout: `${head}would make a storm; nothing was changed\n`,
      stderr: "",
    });
    expect(await runOn({ ...given, agrees: false }, "storm")).to.deep.equal({
      code: 1,
      stdout: head,
      stderr: "not confirmed; nothing was changed\n",
    });
    expect([done, kube.kept]).to.deep.equal([[], []]);
    await runOn({ ...given, agrees: false }, "storm", "--yes");
    expect(done).to.deep.equal(["storm"]);
  });

  it("measures, and ends with 0 where it is as predicted", async () => {
    const { given } = practised({});
    expect(await runOn(given, "storm")).to.deep.equal({
      code: 0,
      stdout: `${head}It was done.\nMeasured: RTO 45 s, RPO 0 s.\nAs predicted.\n`,
      stderr: "",
    });
  });

  it("ends with 1 where the prediction is wrong, and says in what", async () => {
    const { given } = practised({ rtoSeconds: 61, rpoSeconds: undefined, wrong: ["a pod is gone"] });
    expect(await runOn(given, "storm")).to.deep.equal({
      code: 1,
      stdout:
        `${head}It was done.\nMeasured: RTO 1 min 1 s, RPO not seen from here.\nNot as predicted, in 2 points:\n` +
        "- a pod is gone\n- RTO was 1 min 1 s, predicted at most 1 min\n",
      stderr: "",
    });
  });

  it("takes any loss above the predicted one as wrong, and the predicted one itself as right", () => {
    expect(mistakes(prediction, { ...outcome, rtoSeconds: 60 })).to.deep.equal([]);
    expect(mistakes(prediction, { ...outcome, rpoSeconds: 2 })).to.deep.equal([
      "RPO was 2 s, predicted at most nothing",
    ]);
  });

  it("has help of all drills in one list, and of each, and refuses words before it connects", async () => {
    const { commands } = drills;
    const help = (...argv: string[]) => captured(() => runProgram(drills, argv, process.cwd()));
    expect((await help("--help")).stdout).to.equal(overview(drills, 100));
    for (const command of commands)
      expect((await help(command.name, "--help")).stdout).to.equal(commandHelp(drills, command, 100));
    const lines = [overview(drills, 100), ...commands.map((one) => commandHelp(drills, one, 100))].join("").split("\n");
    expect(lines.filter((line) => line.length > 100)).to.deep.equal([]);
    const names = commands.map(({ name }) => name).join(", ");
    expect(await runOn({ program: drills }, "restor")).to.deep.equal({
      code: 2,
      stdout: "",
      stderr: `command line: given restor; allowed: ${names}; fix: did you mean restore?\n`,
    });
    expect(await runOn({ program: drills }, "restore", "all", "--for", "2h")).to.deep.include({ code: 2, stdout: "" });
    expect((await runOn({ program: drills }, "restore", "all")).stderr).to.equal(
      "command line: given all; allowed: no word; fix: remove it; a stack is named with -s\n",
    );
  });
});

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import { predictedSteps } from "../../planner/binding/steps";
import { allEdits, editCount, program, recorded } from "../support/edits";
import { Engine } from "./engine";
import { Stack } from "./stack";

/** The engine's answers, for `npm test`. TIERSTACK_RECORD=true writes them. */
const recordings = join(__dirname, "..", "support", "edits.recorded.json");

const sortedSteps = (steps: Map<string, string> | undefined) =>
  Object.fromEntries([...(steps ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)));

describe("edits of single resources with the real engine", () => {
  let engine: Engine;

  before(async function () {
    engine = await Engine.start(this, {
      files: {
        "Pulumi.yaml": stringify({
          name: "edits",
          main: "index.js",
          runtime: { name: "nodejs", options: { typescript: false } },
        }),
        "package.json": "{}",
        "index.js": `const pulumi = require("@pulumi/pulumi"); const declared = require("./declared.json"); ${program}`,
      },
      clusters: false,
    });
  });
  after(() => engine?.stop());

  it(`does in a preview what the planner predicts, for ${editCount} edits`, async () => {
    const { before, after } = allEdits();
    const stack = new Stack(engine, "edits");
    const declare = (declared: object) => writeFileSync(join(engine.folder, "declared.json"), JSON.stringify(declared));
    await stack.init();
    declare(before);
    await stack.succeed("up", "--yes", "--skip-preview");
    declare(after);
    const { output, steps } = await stack.preview();
    expect(steps, output.slice(-3000)).to.not.equal(undefined);
    const answered = sortedSteps(steps);
    if (process.env.TIERSTACK_RECORD) writeFileSync(recordings, `${JSON.stringify(answered, null, 2)}\n`);
    expect(answered).to.deep.equal(JSON.parse(readFileSync(recordings, "utf8")));
    expect(answered).to.deep.equal(sortedSteps(predictedSteps(await recorded(before), await recorded(after))));
  });
});

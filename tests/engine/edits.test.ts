import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import { type Answer, answerOf, differingAnswers, editSets, editsOf, predictedAnswer } from "../support/edits";
import { program } from "../support/edits/declared";
import { Engine } from "./engine";
import { Stack } from "./stack";

/** The engine's answers, for `npm test`. TIERSTACK_RECORD=true writes them. */
const recordings = join(__dirname, "..", "support", "edits", "recorded.json");

for (const [set, { count }] of Object.entries(editSets))
  describe(`${count} edits of ${set} with the real engine`, () => {
    let engine: Engine;
    let answered: Answer;

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
      const stack = new Stack(engine, "edits");
      const declare = (declared: object) =>
        writeFileSync(join(engine.folder, "declared.json"), JSON.stringify(declared));
      const { before, after } = editsOf(set);
      await stack.init();
      declare(before);
      await stack.succeed("up", "--yes", "--skip-preview");
      declare(after);
      answered = answerOf((await stack.run("preview", "--json", "--show-replacement-steps")).output);
    });
    after(() => engine?.stop());

    it("are answered as they were recorded", () => {
      const answers = JSON.parse(readFileSync(recordings, "utf8")) as Record<string, Answer>;
      if (process.env.TIERSTACK_RECORD)
        writeFileSync(recordings, `${JSON.stringify({ ...answers, [set]: answered }, null, 2)}\n`);
      else expect(answered).to.deep.equal(answers[set]);
    });

    it("do in a preview what the planner predicts", async () => {
      const { before, after } = editsOf(set);
      expect(differingAnswers(await predictedAnswer(before, after), answered)).to.deep.equal([]);
    });
  });

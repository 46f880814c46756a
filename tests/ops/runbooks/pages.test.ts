import { expect } from "chai";
import { operations } from "../../../ops/commands";
import { commandNamed, requestOf } from "../../../ops/request";
import { runbooks } from "../../../ops/runbooks/pages";
import { commands as planner } from "../../../planner/cli/run";
import { kube, reach } from "../shop";
import { runOn } from "../world";

const { commands } = operations;

const runs = runbooks.flatMap(({ name, look, act, verify }) =>
  [...look, ...act, ...verify].flatMap(({ run }) => (run === undefined ? [] : [{ name, run }])),
);

/** A command with what stands for its placeholders. */
const filled = (run: string) =>
  run.replace("STACK", "shop").replace("PODS", "3").replace("PID", "4711").replace("QUEUE", "default");

describe("emergency pages", () => {
  it("each say what is seen, where to look, what to do and how to know that it is over", () => {
    expect(runbooks.map(({ name }) => name)).to.deep.equal([
      "connections-exhausted",
      "cost-spike",
      "overload",
      "going-viral",
    ]);
    for (const { name, ...parts } of runbooks)
      for (const part of ["symptom", "look", "act", "verify"] as const)
        expect(parts[part].length, `${name}: ${part}`).to.be.above(0);
  });

  it("name commands that there are, with words and flags that these take", () => {
    for (const { name, run } of runs) {
      const [, , command = "", dashes, ...argv] = filled(run).split(" ");
      expect(dashes, run).to.equal("--");
      if (command !== "ops") expect(planner, `${name}: ${run}`).to.have.property(command);
      else expect(() => requestOf(commandNamed(argv[0] as string, commands), argv.slice(1)), run).not.to.throw();
      // On the wrong stack, each would do harm, or show what is of no use.
      if (command === "ops") expect(run).to.match(/ -s STACK$/);
    }
    const used = runs.flatMap(({ run }) => /run ops -- (\w+)/.exec(run)?.[1] ?? []);
    expect([...new Set(used)]).to.include.members(["status", "connections", "pools", "queues", "limits", "scale"]);
  });

  for (const width of [80, 100])
    it(`and of each command: these answer in ${width} columns, below the stack and the cluster`, async () => {
      const stack = { name: "shop", maintenance: false };
      const examples = commands.flatMap(({ examples: own }) => own.map(([words]) => `${words} -s shop`));
      const pages = runs.flatMap(({ run }) => /^npm run ops -- (.*)$/.exec(filled(run))?.[1] ?? []);
      const kept = process.env.COLUMNS;
      process.env.COLUMNS = String(width);
      try {
        for (const words of new Set([...examples, ...pages])) {
          const argv = words.replace("queues pause mail", "queues pause default").split(" ");
          const { stdout, stderr } = await runOn({ reach: reach(), kube, stack, flags: " -s shop" }, ...argv);
          expect([stderr, stdout === ""], words).to.deep.equal(["", false]);
          if (process.env.SHOW) console.log(`$ ${words}\n${stdout}`);
          expect(
            stdout.split("\n").filter((line) => line.length > width),
            words,
          ).to.deep.equal([]);
          // What an answer tells to run is for the same stack.
          for (const [told = ""] of stdout.replace(/\s+/g, " ").matchAll(/npm run ops -- [^:;,.(]*/g))
            expect(told, words).to.contain(" -s shop");
        }
      } finally {
        if (kept === undefined) delete process.env.COLUMNS;
        else process.env.COLUMNS = kept;
      }
    });
});

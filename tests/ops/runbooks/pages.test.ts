import { expect } from "chai";
import { operations } from "../../../ops/commands";
import { commandNamed, requestOf } from "../../../ops/request";
import { runbooks } from "../../../ops/runbooks/pages";
import { commands as planner } from "../../../planner/cli/run";

const { commands } = operations;

const runs = runbooks.flatMap(({ name, look, act, verify }) =>
  [...look, ...act, ...verify].flatMap(({ run }) => (run === undefined ? [] : [{ name, run }])),
);

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
      const [, , command = "", dashes, ...argv] = run.replace("PODS", "3").split(" ");
      expect(dashes, run).to.equal("--");
      if (command !== "ops") expect(planner, `${name}: ${run}`).to.have.property(command);
      else expect(() => requestOf(commandNamed(argv[0] as string, commands), argv.slice(1)), run).not.to.throw();
    }
    const used = runs.flatMap(({ run }) => /run ops -- (\w+)/.exec(run)?.[1] ?? []);
    expect([...new Set(used)]).to.include.members(["status", "connections", "pools", "queues", "limits", "scale"]);
  });
});

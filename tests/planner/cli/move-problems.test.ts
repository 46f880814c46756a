import { expect } from "chai";
import { moveProblems } from "../../../planner/cli/move-problems";
import type { Change } from "../../../planner/move/change";
import { readProject } from "../../../planner/stacks";
import { testProject } from "../../support/project";

const change = (given: Partial<Change>): Change => ({
  path: "a/db",
  type: "aws:rds/instance:Instance",
  action: "replace",
  data: true,
  properties: [
    { property: "engine", before: "a", after: "b", replaces: true },
    { property: "tags", before: {}, after: { a: "b" }, replaces: false },
  ],
  effect: "replacement",
  cause: "own property",
  ...given,
});
const sameStack = { moving: "growth", target: "growth" };
const problems = (...changes: Partial<Change>[]) =>
  moveProblems(changes.map(change), readProject(testProject()), sameStack, { from: "startup", to: "growth" });

describe("problems of a move", () => {
  it("say why data would be lost, and what to do instead", () => {
    const second = "or create a second resource, copy the data, and remove the first";
    expect(problems({})).to.deep.equal([
      `a/db holds data, and the move would replace it for engine; fix: leave engine as it is, ${second}`,
    ]);
    expect(problems({ cause: "provider" }, { cause: "a/net" }, { action: "refused" })).to.deep.equal([
      `a/db holds data, and the move would replace it with its provider; fix: keep its provider, ${second}`,
      `a/db holds data, and the move would replace it because a/net is replaced; fix: leave a/net as it is, ${second}`,
      `a/db is protected, and the move would replace it for engine, so the engine stops; fix: leave engine as it is, ${second}`,
    ]);
    const gone: Partial<Change> = { effect: "none", properties: [] };
    expect(problems({ ...gone, action: "delete" }, { ...gone, action: "refused" })).to.deep.equal([
      "a/db holds data, and the move would delete it; fix: keep it in the program, or set retainOnDelete on it",
      "a/db is protected, and the move would delete it, so the engine stops; fix: keep it in the program",
    ]);
  });

  it("are none where nothing that holds data goes, however far apart the tiers are", () => {
    expect(problems({ data: false }, { data: false, action: "delete" }, { action: "update" })).to.deep.equal([]);
    const far = { from: "mvp", to: "scale" } as const;
    expect(moveProblems([], readProject(testProject()), sameStack, far)).to.deep.equal([]);
  });

  it("name the file of the stack that moves, and beside it the one that is read", () => {
    const kept = change({ action: "refused", properties: [], effect: "none", keep: "keep.managedStores" });
    const fixes = (moving: string, target: string) =>
      moveProblems([kept], readProject(testProject()), { moving, target }, { from: "startup", to: "mvp" }).map(
        (line) => line.split("; fix: ")[1],
      );
    expect(fixes("shop", "shop")).to.deep.equal(["set tierstack:keep.managedStores to true in Pulumi.shop.yaml"]);
    expect(fixes("startup", "mvp")).to.deep.equal([
      "set tierstack:keep.managedStores to true in Pulumi.startup.yaml, the stack that moves, and in Pulumi.mvp.yaml, " +
        "which this diff reads",
    ]);
  });

  it("name who refuses a change", () => {
    expect(problems({ action: "refused", reason: "a is immutable", refusedBy: "Kubernetes" })).to.deep.equal([
      "Kubernetes refuses the change of a/db: a is immutable",
    ]);
  });
});

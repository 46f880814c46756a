import { expect } from "chai";
import { longestPath, type Node, totalOf } from "../../../planner/duration/longest-path";

const node = (path: string, minutes: number, ...after: string[]): Node => ({ path, minutes, after });

describe("the longest path", () => {
  it("is the one with the most minutes, not with the most resources", () => {
    const nodes = [node("a", 1), node("b", 1, "a"), node("c", 1, "b"), node("slow", 9), node("end", 2, "c", "slow")];
    expect(longestPath(nodes)).to.deep.equal([
      { path: "slow", minutes: 9 },
      { path: "end", minutes: 2 },
    ]);
  });

  it("leaves out steps that take no time, and passes through them", () => {
    const nodes = [node("end", 2, "component"), node("component", 0, "first"), node("first", 3)];
    expect(longestPath(nodes).map(({ path }) => path)).to.deep.equal(["first", "end"]);
    expect(longestPath([node("alone", 0)])).to.deep.equal([]);
  });

  it("takes the first of paths that are equally long, and ignores what is not in the graph", () => {
    expect(longestPath([node("a", 2, "gone"), node("b", 2)])).to.deep.equal([{ path: "a", minutes: 2 }]);
  });

  it("ends where a file has a cycle", () => {
    expect(totalOf(longestPath([node("a", 1, "b"), node("b", 2, "a"), node("c", 4, "c")]))).to.equal(4);
    expect(totalOf(longestPath([node("a", 1, "b"), node("b", 2, "a")]))).to.equal(3);
  });

  it("walks a chain of 20,000 resources", () => {
    const chain = Array.from({ length: 20_000 }, (_, at) => node(`n${at}`, 1, `n${at + 1}`));
    expect(totalOf(longestPath(chain))).to.equal(20_000);
  });

  it("sums tenths of minutes to tenths", () => {
    expect(totalOf([node("a", 0.1), node("b", 0.2)])).to.equal(0.3);
  });
});

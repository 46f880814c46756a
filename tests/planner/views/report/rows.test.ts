import { expect } from "chai";
import fc from "fast-check";
import { rowsOf } from "../../../../planner/views/report/rows";
import type { Topology } from "../../../../planner/views/topology";

const topology = (names: string[], pairs: string[]): Topology => ({
  boxes: names.map((path) => ({ path, title: path, resources: [] })),
  edges: pairs.map((pair) => ({ from: pair[0] as string, to: pair[1] as string })),
});

describe("rows of a topology", () => {
  it("has what a box needs below it, two boxes at most beside each other, and fills a row with one that stands alone", () => {
    const [top, bottom] = rowsOf(topology([..."abcdex"], ["ab", "ac", "ad", "be", "ce", "de"]));
    expect(top).to.deep.equal([["a", "x"], ["b", "c"], ["d"], ["e"]]);
    expect(bottom).to.deep.equal([["a"], ["d"], ["b", "c"], ["e", "x"]]);
  });

  it("begins a circle with its first box", () => {
    const [top] = rowsOf(topology([..."abc"], ["ab", "bc", "ca"]));
    expect(top?.flat().sort()).to.deep.equal(["a", "b", "c"]);
    expect(top?.every((row) => row.length === 1)).to.equal(true);
  });

  it("holds for any graph", () => {
    const names = [..."abcdefgh"];
    const pairs = fc.uniqueArray(
      fc
        .tuple(fc.nat(6), fc.integer({ min: 1, max: 7 }))
        .filter(([from, step]) => from + step < names.length)
        .map(([from, step]) => `${names[from]}${names[from + step]}`),
    );
    fc.assert(
      fc.property(pairs, (all) => {
        for (const rows of rowsOf(topology(names, all))) {
          const row = new Map(rows.flatMap((paths, at) => paths.map((path) => [path, at] as const)));
          expect([...row.keys()].sort()).to.deep.equal(names);
          expect(Math.max(...rows.map(({ length }) => length))).to.be.at.most(2);
          for (const [from, to] of all) expect(row.get(from as string)).to.be.below(row.get(to as string) as number);
        }
      }),
    );
  });
});

import { expect } from "chai";
import { bucketCount, differing, settledDifferences } from "../../handover/verify";

const rows = (record: Record<string, string>) => new Map(Object.entries(record));

describe("the comparison of two sides", () => {
  it("has a bucket for about 2,000 rows, and at most 4,096", () => {
    expect([0, 2000, 2001, 1e9].map(bucketCount)).to.deep.equal([1, 1, 2, 4096]);
  });

  it("finds what is missing or other on either side", () => {
    expect(differing(rows({ a: "1", b: "2", c: "3" }), rows({ a: "1", b: "9", d: "4" }))).to.deep.equal([
      "b",
      "c",
      "d",
    ]);
  });

  it("takes for a difference only what the written side had before and after", () => {
    const before = rows({ same: "1", changing: "1", lost: "1", wrong: "1" });
    const after = rows({ same: "1", changing: "3", lost: "1", wrong: "1", added: "1" });
    const there = rows({ same: "1", changing: "2", wrong: "0", added: "1", extra: "1" });
    // `added` came in between; what the followed side alone has stays.
    expect(settledDifferences(before, there, after)).to.deep.equal(["lost", "wrong", "extra"]);
  });
});

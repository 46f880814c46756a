import { expect } from "chai";
import { patternsFrom } from "../../../../ops/drills/restore/copy";

describe("the copy of a backup", () => {
  it("takes the log from the file on that the base backup needs, of every timeline, and what tells the timelines", () => {
    const keys = [
      "postgres/wal/7/000000010000000000000001.gz",
      "postgres/wal/7/000000010000000000000001.gap.gz",
      "postgres/wal/7/0000000100000000000001FF.gz",
      "postgres/wal/7/000000010000000100000000.gz",
      "postgres/wal/7/000000010000000100000000.00000028.backup.gz",
      "postgres/wal/7/000000020000000100000001.gz",
      "postgres/wal/7/00000002.history.gz",
    ];
    expect(patternsFrom("0000000100000000000001FF", keys)).to.deep.equal([
      "0000000100000000000001*.gz",
      "0000000100000001000000*.gz",
      "0000000200000001000000*.gz",
      "*.history.gz",
    ]);
    expect(patternsFrom("000000010000000200000000", keys)).to.deep.equal(["*.history.gz"]);
  });
});

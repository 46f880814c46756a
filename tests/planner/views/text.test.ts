import { expect } from "chai";
import { columns, count, cut, pad, painter, wrap } from "../../../planner/views/text";

const stream = (isTTY: boolean) => ({ isTTY }) as NodeJS.WriteStream;

describe("text of the views", () => {
  it("has colour on a terminal only, and none with NO_COLOR", () => {
    const before = process.env.NO_COLOR;
    try {
      delete process.env.NO_COLOR;
      expect(painter(stream(true))("bold", "growth")).to.equal("\u001b[1mgrowth\u001b[22m");
      expect(painter(stream(false))("bold", "growth")).to.equal("growth");
      process.env.NO_COLOR = "1";
      expect(painter(stream(true))("bold", "growth")).to.equal("growth");
    } finally {
      if (before === undefined) delete process.env.NO_COLOR;
      else process.env.NO_COLOR = before;
    }
  });

  it("counts", () => {
    expect([0, 1, 2].map((number) => count(number, "shard"))).to.deep.equal(["0 shards", "1 shard", "2 shards"]);
  });

  it("is cut to a width", () => {
    expect([6, 5, 4, 1, 0, -1].map((width) => cut("stack", width))).to.deep.equal([
      "stack",
      "stack",
      "sta…",
      "…",
      "",
      "",
    ]);
  });

  it("is padded to a width, without its colour codes", () => {
    expect(pad("ab", 4)).to.equal("ab  ");
    expect(pad("abcde", 4)).to.equal("abcde");
    expect(pad("\u001b[1mab\u001b[22m", 4)).to.equal("\u001b[1mab\u001b[22m  ");
  });

  it("wraps at 100 columns, the indent among them", () => {
    const word = "x".repeat(47);
    expect(wrap(`${word} ${word}x y`, "    ")).to.deep.equal([`    ${word} ${word}x`, "    y"]);
    expect(wrap(`${word} ${word}xx y`, "    ")).to.deep.equal([`    ${word}`, `    ${word}xx y`]);
    expect(wrap("z".repeat(120), " ")).to.deep.equal([` ${"z".repeat(120)}`]);
  });

  it("stands in columns, without spaces at the end", () => {
    expect(
      columns([
        ["a", "bb", "c"],
        ["aaa", "", ""],
        ["\u001b[1ma\u001b[22m", "b", "ccc"],
      ]),
    ).to.deep.equal(["a    bb  c", "aaa", "\u001b[1ma\u001b[22m    b   ccc"]);
    expect(columns([])).to.deep.equal([]);
  });
});

import { expect } from "chai";
import { columns, count, pad, painter, table, widthOf, wrap } from "../../../planner/views/text";

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

  it("is as wide as the terminal, or as COLUMNS says", () => {
    expect(widthOf({ isTTY: true, columns: 132 })).to.equal(132);
    expect(widthOf({ isTTY: true, columns: 20 })).to.equal(40);
    expect(widthOf({ isTTY: true, columns: 0 })).to.equal(100);
    expect(widthOf({ isTTY: false, columns: 132 })).to.equal(100);
    for (const [asked, width] of [
      ["80", 80],
      ["8", 40],
      ["0", 100],
      ["wide", 100],
      ["", 100],
    ] as const) {
      process.env.COLUMNS = asked;
      try {
        expect(widthOf({ isTTY: false, columns: 0 }), asked).to.equal(width);
      } finally {
        delete process.env.COLUMNS;
      }
    }
  });

  it("is padded to a width, without its colour codes", () => {
    expect(pad("ab", 4)).to.equal("ab  ");
    expect(pad("abcde", 4)).to.equal("abcde");
    expect(pad("\u001b[1mab\u001b[22m", 4)).to.equal("\u001b[1mab\u001b[22m  ");
  });

  it("wraps at a width, the indent among it", () => {
    const word = "x".repeat(7);
    expect(wrap(`${word} ${word}x y`, 20, "    ")).to.deep.equal([`    ${word} ${word}x`, "    y"]);
    expect(wrap(`${word} ${word}xx y`, 20, "    ")).to.deep.equal([`    ${word}`, `    ${word}xx y`]);
    expect(wrap("one two three", 9, "- ", "  ")).to.deep.equal(["- one two", "  three"]);
    expect(wrap("one  two", 4)).to.deep.equal(["one", "two"]);
    expect(wrap("", 9)).to.deep.equal([""]);
  });

  it("splits a word that no line holds, where a path has a sign if there is one", () => {
    expect(wrap("z".repeat(25), 10, " ")).to.deep.equal([
      ` ${"z".repeat(9)}`,
      ` ${"z".repeat(9)}`,
      ` ${"z".repeat(7)}`,
    ]);
    expect(wrap("go tierstack/postgres/primary", 20, "")).to.deep.equal(["go", "tierstack/postgres/", "primary"]);
    expect(wrap("a-bcdefghijklmno", 10)).to.deep.equal(["a-bcdefghi", "jklmno"]);
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

  it("is a table where it fits, and else a paragraph a row", () => {
    const screen = (width: number) => ({ paint: (style: unknown, text: string) => `<${style}>${text}`, width });
    const rows = [["mvp", "10", "yes"]];
    expect(table(["stack", "cost", "fine"], rows, screen(17))).to.deep.equal([
      "<bold>stack  cost  fine",
      "mvp    10    yes",
    ]);
    expect(table(["stack", "cost", "fine"], rows, screen(16))).to.deep.equal([
      "<bold>mvp",
      "  cost: 10;",
      "  fine: yes",
    ]);
  });
});

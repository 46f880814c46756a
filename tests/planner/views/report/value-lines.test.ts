import { expect } from "chai";
import fc from "fast-check";
import { joinedLines } from "../../../../planner/views/report/value-lines";

const shown = (before: unknown, after: unknown) => joinedLines(before, after).map(({ sign, text }) => sign + text);
const lines = fc
  .array(fc.constantFrom("a", "b", "c", ""), { minLength: 2, maxLength: 12 })
  .map((all) => all.join("\n"));

describe("lines of two values", () => {
  it("marks the lines of a text that differ, and keeps the others", () => {
    expect(shown("a\nb\nc\nd\n", "a\nB\nc\nd\ne\n")).to.deep.equal([" a", "-b", "+B", " c", " d", "+e", " "]);
  });

  it("shows anything but a text of several lines as sorted JSON", () => {
    expect(shown({ b: 1, a: [1] }, { a: [1], b: 2 })).to.deep.equal([
      " {",
      '   "a": [',
      "     1",
      "   ],",
      '-  "b": 1',
      '+  "b": 2',
      " }",
    ]);
    expect(shown(undefined, "x")).to.deep.equal(['+"x"']);
    expect(shown("x", undefined)).to.deep.equal(['-"x"']);
  });

  it("has every line of both values in order", () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const all = joinedLines(before, after);
        const side = (other: string) => all.filter(({ sign }) => sign !== other).map(({ text }) => text);
        expect(side("+").join("\n")).to.equal(before);
        expect(side("-").join("\n")).to.equal(after);
        if (before === after) expect(all.every(({ sign }) => sign === " ")).to.equal(true);
      }),
    );
  });

  it("of very long texts marks all that is between the first and the last difference", () => {
    const text = (letter: string) => [
      "start",
      ...Array.from({ length: 2_000 }, (_, at) => `${letter}${at % 2}`),
      "end",
    ];
    const all = joinedLines(text("a").join("\n"), text("b").join("\n"));
    expect(all.filter(({ sign }) => sign === "-")).to.have.length(2_000);
    expect(all.filter(({ sign }) => sign === "+")).to.have.length(2_000);
    expect([all[0], all.at(-1)].map((line) => line?.text)).to.deep.equal(["start", "end"]);
  });
});

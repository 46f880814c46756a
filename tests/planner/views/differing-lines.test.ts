import { expect } from "chai";
import fc from "fast-check";
import { differingLines, linesOf } from "../../../planner/views/differing-lines";

const shown = (before: string[], after: string[]) =>
  differingLines(before, after).map(({ sign, text }) => `${sign}${text}`);

describe("lines of a value", () => {
  it("are those of a text, also of one in base64", () => {
    expect(linesOf("a\n\nb\n")).to.deep.equal(["a", "", "b"]);
    const script = `#!/bin/bash\necho ${"long".repeat(20)}\n`;
    expect(linesOf(Buffer.from(script).toString("base64"))).to.deep.equal(script.trimEnd().split("\n"));
    // A checksum and a key are no text in base64.
    const [checksum, key] = ["a1".repeat(32), Buffer.from(`\0${"\n".repeat(60)}`).toString("base64")];
    expect([linesOf(checksum), linesOf(key)]).to.deep.equal([[checksum], [key]]);
  });

  it("are the values of a structure with their paths, each item of a list on one", () => {
    const value = { b: { c: 1, d: {} }, a: [{ z: 1, y: [2] }, "x"], e: [] };
    const lines = ['a: {"y":[2],"z":1}', 'a: "x"', "b.c: 1", "b.d: {}", "e: []"];
    expect(linesOf(value)).to.deep.equal(lines);
    expect(linesOf(JSON.stringify(value))).to.deep.equal(lines);
    expect(linesOf(value.a)).to.deep.equal(['{"y":[2],"z":1}', '"x"']);
    expect([linesOf(undefined), linesOf(7), linesOf("[not JSON"), linesOf("{}")]).to.deep.equal([
      [],
      ["7"],
      ["[not JSON"],
      ["{}"],
    ]);
  });
});

describe("differing lines", () => {
  it("are what goes and what comes, each where it stands", () => {
    expect(shown(["a", "b", "c", "d"], ["a", "x", "c", "d", "e"])).to.deep.equal(["-b", "+x", "+e"]);
    expect(shown([], ["a"])).to.deep.equal(["+a"]);
    expect(shown(["a"], [])).to.deep.equal(["-a"]);
    expect(shown(["a", "b"], ["a", "b"])).to.deep.equal([]);
  });

  it("make the one value of the other, with no line that both share at the same place", () => {
    const lines = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const found = differingLines(before, after);
        const of = (sign: string) => found.filter((one) => one.sign === sign).map(({ text }) => text);
        const kept = (all: string[], some: string[]) => all.length - some.length;
        expect(kept(before, of("-"))).to.equal(kept(after, of("+")));
        expect([...before].sort().join("")).to.equal([...of("-"), ...withoutAll(after, of("+"))].sort().join(""));
      }),
    );
  });

  it("are all of both sides where there are too many to compare", () => {
    const many = (letter: string) => Array.from({ length: 2_001 }, (_, at) => `${letter}${at}`);
    const found = shown(["same", ...many("a")], ["same", ...many("b")]);
    expect(found.slice(0, 2)).to.deep.equal(["-a0", "-a1"]);
    expect(found).to.have.length(4_002);
  });
});

/** The lines without one occurrence of each of the others. */
function withoutAll(lines: string[], others: string[]): string[] {
  const left = [...lines];
  for (const other of others) left.splice(left.indexOf(other), 1);
  return left;
}

import { expect } from "chai";
import fc from "fast-check";
import { filled, placeholder, variablesOf } from "../../../planner/load/placeholders";

describe("placeholders", () => {
  it("are found at any depth, each once", () => {
    expect(variablesOf({ a: "{user}/{job}", b: [{ c: "{number:1-5} {job}" }], d: 5, e: null })).to.deep.equal([
      "user",
      "job",
      "number:1-5",
    ]);
    for (const none of ["{}", "{ user }", "{User}", "{number:a-b}", '{"json": 1}', 7, null, undefined])
      expect(variablesOf(none), `${none}`).to.deep.equal([]);
  });

  it("are replaced, those without a value left as they are", () => {
    expect(filled("/u/{user}/{job}/{other}", 7, { job: "a b" })).to.equal("/u/7/a b/{other}");
    expect(filled("{uuid}", 1, {})).to.match(/^[0-9a-f-]{36}$/);
    expect(placeholder("job")).to.equal(undefined);
    expect(placeholder("number:5-1")).to.equal(undefined);
  });

  it("of numbers become numbers where they are alone in JSON, and nowhere else", () => {
    const body = { user: "{user}", id: "{id}", name: "{name}", text: "no {user}", many: ["{number:3-3}"] };
    expect(filled(body, 4, { id: 12, name: "34" }, true)).to.deep.equal({
      user: 4,
      id: 12,
      name: "34",
      text: "no 4",
      many: [3],
    });
    expect(filled({ x: "{user}" }, 4, {})).to.deep.equal({ x: "4" });
  });

  it("of numbers stay within their bounds", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), (from, more) => {
        const value = Number(filled(`{number:${from}-${from + more}}`, 1, {}));
        expect(value).to.be.within(from, from + more);
      }),
    );
  });
});

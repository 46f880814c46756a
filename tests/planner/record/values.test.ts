import { expect } from "chai";
import fc from "fast-check";
import { isMapping, redact, reveal, Secret, sorted } from "../../../planner/record/values";

const nested = { list: [1, new Secret({ inner: new Secret("x") })], map: { key: new Secret(2) }, plain: null };

describe("recorded values", () => {
  it("are mappings only if they have keys", () => {
    expect([{}, { a: 1 }].map(isMapping)).to.deep.equal([true, true]);
    expect([null, undefined, [], "a", 1].map(isMapping)).to.deep.equal([false, false, false, false, false]);
  });

  it("show no secret, at any depth", () => {
    expect(redact(nested)).to.deep.equal({ list: [1, "[secret]"], map: { key: "[secret]" }, plain: null });
    expect(redact(new Secret(1))).to.equal("[secret]");
  });

  it("reveal every secret, also one within another", () => {
    expect(reveal(nested)).to.deep.equal({ list: [1, { inner: "x" }], map: { key: 2 }, plain: null });
  });

  it("are equal to the byte once sorted, if they are equal", () => {
    expect(JSON.stringify(sorted({ b: [{ d: 1, c: 2 }], a: { z: 1, y: null } }))).to.equal(
      '{"a":{"y":null,"z":1},"b":[{"c":2,"d":1}]}',
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(JSON.stringify(sorted(reversed))).to.equal(JSON.stringify(sorted(value)));
        expect(sorted(value)).to.deep.equal(value);
      }),
    );
  });
});

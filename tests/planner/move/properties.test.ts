import { expect } from "chai";
import { differences } from "../../../planner/move/properties";

const found = (before: unknown, after: unknown) => differences(before, after).map(({ property }) => property);

describe("differences", () => {
  it("are none between equal values, whatever the order of their names", () => {
    expect(differences({ a: 1, b: { c: [1, null] } }, { b: { c: [1, null] }, a: 1 })).to.deep.equal([]);
    expect(differences({ a: undefined }, {})).to.deep.equal([]);
    expect(differences([], [])).to.deep.equal([]);
  });

  it("are as deep as both sides have the same form, sorted by name, with both values", () => {
    const before = { spec: { b: 1, a: [{ image: "x" }, 2], "app/name": "n" } };
    const after = { spec: { b: 2, a: [{ image: "y" }, 2], "app/name": "m" } };
    expect(differences(before, after)).to.deep.equal([
      { property: "spec.a[0].image", names: ["spec", "a", "image"], before: "x", after: "y" },
      { property: 'spec["app/name"]', names: ["spec", "app/name"], before: "n", after: "m" },
      { property: "spec.b", names: ["spec", "b"], before: 1, after: 2 },
    ]);
  });

  it("have no value on the side that has none", () => {
    expect(differences({ a: 1 }, { b: null })).to.deep.equal([
      { property: "a", names: ["a"], before: 1 },
      { property: "b", names: ["b"], after: null },
    ]);
  });

  it("are of a whole list whose length changes, and of a whole value whose form changes", () => {
    expect(found({ a: [1, 2] }, { a: [0, 1, 2] })).to.deep.equal(["a"]);
    expect(found({ a: [1] }, { a: { b: 1 } })).to.deep.equal(["a"]);
    expect(found({ a: null }, { a: {} })).to.deep.equal(["a"]);
  });

  it("take names of an object's own methods for names as any other", () => {
    expect(differences({}, { constructor: "a", toString: "b" })).to.deep.equal([
      { property: "constructor", names: ["constructor"], after: "a" },
      { property: "toString", names: ["toString"], after: "b" },
    ]);
  });
});

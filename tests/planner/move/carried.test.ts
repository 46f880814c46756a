import { expect } from "chai";
import { CarriedValues, withUnknown } from "../../../planner/move/carried";

const carried = (...values: string[]) => new CarriedValues(new Set(values));
const address = "db.c0example0000.rds.amazonaws.com";

describe("carried values", () => {
  it("make texts unknown that are one of them, or have a long one in them", () => {
    const inputs = { host: address, url: `postgres://${address}/app`, name: "db", list: ["db-2", address] };
    expect(withUnknown(inputs, [carried(address, "db")])).to.deep.equal({
      host: "[unknown]",
      url: "[unknown]",
      name: "[unknown]",
      // A short value may be in a text by chance.
      list: ["db-2", "[unknown]"],
    });
  });

  it("are looked for together", () => {
    const inputs = { a: address, b: "vpc-0123456789abcdef0", c: 3 };
    expect(withUnknown(inputs, [carried(address), carried("vpc-0123456789abcdef0")])).to.deep.equal({
      a: "[unknown]",
      b: "[unknown]",
      c: 3,
    });
  });

  it("leave the same object where there is none of them, and change none that they are given", () => {
    const inputs = { metadata: { labels: { app: "db" }, name: "x" }, list: [1, null] };
    expect(withUnknown(inputs, [carried(address)])).to.equal(inputs);
    expect(withUnknown(inputs, [])).to.equal(inputs);
    const given = { spec: { host: address, kept: { a: 1 } } };
    const made = withUnknown(given, [carried(address)]) as typeof given;
    expect(given.spec.host).to.equal(address);
    expect(made.spec.kept).to.equal(given.spec.kept);
  });

  it("answer the same for a text that is asked for again", () => {
    const values = carried(address);
    expect([values.make(address), values.make("x"), values.make(address), values.make("x")]).to.deep.equal([
      true,
      false,
      true,
      false,
    ]);
  });
});

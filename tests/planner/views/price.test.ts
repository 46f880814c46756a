import { expect } from "chai";
import type { MoveCharge } from "../../../planner/cost/one-off";
import type { Change, MoveCost } from "../../../planner/move/change";
import { priceText } from "../../../planner/views/price";

const level = (low: number, expected = low, high = expected) => ({ low, expected, high });
const charge = (item: string, given: Partial<MoveCharge> = {}): MoveCharge => ({
  path: "shop/db",
  item,
  paid: "once",
  quantity: level(1),
  unit: "GB",
  usdPerUnit: 1,
  usd: level(1),
  priceId: "some.price",
  source: "https://example.com",
  ...given,
});
const cost: MoveCost = {
  monthlyUsdBefore: 100,
  monthlyUsdAfter: 80,
  rangeUsdBefore: { low: 90, high: 110 },
  rangeUsdAfter: { low: 70, high: 100 },
  notCountedMonthly: [],
  runsTwice: [],
  runsTwiceUsdPerHour: 0,
  onceUsd: level(0),
  staysMonthlyUsd: level(0),
  unshrunkMonthlyUsd: level(0),
  charges: [],
  notCounted: [],
};
const change: Change = { path: "a", type: "a:b:C", action: "create", data: false, properties: [], effect: "none" };
const textOf = (given: Partial<MoveCost>) => priceText({ changes: [change], cost: { ...cost, ...given } });

describe("the price of a move in the views", () => {
  it("says that nothing is charged once, and what is free", () => {
    expect(textOf({})).to.deep.equal([
      "Cost: 100.00 -> 80.00 USD a month (-20.00); by use 90.00 to 110.00 -> 70.00 to 100.00.",
      "Charged once: nothing.",
    ]);
    const free = charge("first copy", { priceId: null, usdPerUnit: 0, usd: level(0) });
    expect(textOf({ charges: [free] })[1]).to.equal("Charged once: nothing; free: first copy (db).");
  });

  it("names what is charged once, with its range, and what runs twice for how long", () => {
    const twice = { runsTwice: ["shop/db"], runsTwiceUsdPerHour: 0.1 };
    const charges = [charge("copy"), charge("copy")];
    expect(textOf({ ...twice, onceUsd: level(0.04, 0.2, 1.2), charges }).slice(1)).to.deep.equal([
      "While the move runs, what it deletes still costs 0.1 USD an hour (1 resource with a price).",
      "Charged once: 0.20 USD (0.04 to 1.20), copy (db).",
    ]);
    expect(textOf({ ...twice, runsTwiceUsd: 0.05 })[1]).to.equal(
      "While the move runs, what it deletes still costs 0.1 USD an hour, 0.05 USD in all (1 resource with a price).",
    );
  });

  it("names what stays, what does not shrink and what has no price", () => {
    const charges = [charge("a", { paid: "monthly" }), charge("b", { paid: "unshrunk", path: "shop/d\u0007b" })];
    const given = {
      staysMonthlyUsd: level(12),
      unshrunkMonthlyUsd: level(0, 6.9),
      notCounted: ["x: no price y"],
      charges,
    };
    expect(textOf(given).slice(2)).to.deep.equal([
      "What stays in the account costs 12.00 USD a month until you delete it: db.",
      "RDS storage does not shrink: 6.90 USD (0.00 to 6.90) a month more than the plan says (d\\u0007b).",
      "Not counted: x: no price y.",
    ]);
  });

  it("says what the plan after the move leaves out", () => {
    const note = "the difference to the prices of eu-west-1: 13 of 15 are those of us-east-1";
    expect(textOf({ notCountedMonthly: ["taxes", note] }).at(-1)).to.equal(
      `Not counted after the move, each month: taxes; ${note}.`,
    );
  });

  it("says what settings keep of the sum", () => {
    const settings = ["keep.managedStores", "keep.nodeState"] as const;
    const kept = { settings: [...settings], paths: ["shop/db", "shop/d\u0007b"], monthlyUsd: 30 };
    expect(textOf({ kept })[1]).to.equal(
      "Of these, keep.managedStores and keep.nodeState keep db, d\\u0007b (30.00); without it the stack costs 50.00.",
    );
  });

  it("names the first of many", () => {
    const charges = [1, 2, 3, 4, 5, 6, 7, 8].map((at) => charge("a", { path: `shop/${at}`, paid: "monthly" }));
    expect(textOf({ charges })[2]).to.match(/: 1, 2, 3, 4, 5, 6 and 2 more\.$/);
  });

  it("is the cost alone where nothing changes, and nothing where it is unknown", () => {
    expect(priceText({ changes: [], cost })).to.deep.equal([
      "Cost: 100.00 -> 80.00 USD a month (-20.00); by use 90.00 to 110.00 -> 70.00 to 100.00.",
    ]);
    expect(priceText({ changes: [] })).to.deep.equal([]);
  });
});

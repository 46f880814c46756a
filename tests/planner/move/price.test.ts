import { expect } from "chai";
import type { Cost } from "../../../planner/cost/types";
import type { Change } from "../../../planner/move/change";
import { priceOf } from "../../../planner/move/price";

const amount = (quantity: number, usdPerUnit: number) => ({ quantity, usdPerUnit, monthlyUsd: quantity * usdPerUnit });
const cost = (
  monthlyUsd: number,
  ...items: [path: string, unit: string, quantity: number, usdPerUnit: number][]
): Cost => ({
  monthlyUsd,
  low: 0,
  high: 0,
  budgetUsd: 0,
  basis: { region: "us-east-1", nodes: {} },
  notCounted: [],
  items: items.map(([path, unit, quantity, usdPerUnit]) => {
    const own = amount(quantity, usdPerUnit);
    return { path, item: "a", unit, priceId: "p", ...own, low: own, high: own };
  }),
});
const change = (path: string, action: Change["action"], given: Partial<Change> = {}): Change => ({
  path,
  type: "a:b:C",
  action,
  data: false,
  properties: [],
  effect: "none",
  ...given,
});

describe("price of a move", () => {
  const before = { cost: cost(100, ["node", "hour", 730, 0.1], ["node", "GB", 10, 1], ["db", "hour", 730, 0.02]) };
  const after = { cost: cost(80) };

  it("is the difference a month, and what is deleted beside what is new", () => {
    expect(priceOf(before, after, [change("node", "delete"), change("new", "create")])).to.deep.equal({
      monthlyUsdBefore: 100,
      monthlyUsdAfter: 80,
      runsTwice: ["node"],
      runsTwiceUsdPerHour: 0.1,
      retainedMonthlyUsd: 0,
    });
  });

  it("counts nothing twice where nothing is new, or the old one goes first", () => {
    expect(priceOf(before, after, [change("node", "delete")])?.runsTwice).to.deep.equal([]);
    const replaced = change("node", "replace", { deletedFirst: true });
    expect(priceOf(before, after, [replaced])?.runsTwice).to.deep.equal([]);
    expect(priceOf(before, after, [change("node", "replace")])?.runsTwice).to.deep.equal(["node"]);
  });

  it("names what stays in the account and is paid for", () => {
    expect(priceOf(before, after, [change("db", "retained")])?.retainedMonthlyUsd).to.equal(14.6);
  });

  it("is not known where a plan has no cost, or one of another form", () => {
    expect(priceOf({ cost: null }, after, [])).to.equal(undefined);
    expect(priceOf({ cost: { monthlyUsd: 1, items: [{}] } as unknown as Cost }, after, [])).to.equal(undefined);
  });
});

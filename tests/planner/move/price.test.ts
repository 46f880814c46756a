import { expect } from "chai";
import { cataloguePrices, type Price } from "../../../planner/cost/prices";
import type { Cost, CostItem } from "../../../planner/cost/types";
import type { Change } from "../../../planner/move/change";
import { priceOf } from "../../../planner/move/price";
import type { PlannedResource } from "../../../planner/record/planned";
import { resource } from "../views/support";

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

const side = (given: Cost | null, resources: PlannedResource[] = [], tier = "growth") => ({
  tier,
  resources,
  cost: given,
});
const none = { low: 0, expected: 0, high: 0 };

describe("price of a move", () => {
  const items: Parameters<typeof cost>[1][] = [
    ["node", "hour", 730, 0.1],
    ["node", "GB", 10, 1],
    ["db", "hour", 730, 0.02],
  ];
  const before = side(cost(100, ...items));
  const after = side(cost(80));

  it("is the difference a month, and what is deleted beside what is new, for as long as the move takes", () => {
    const changes = [change("node", "delete"), change("new", "create")];
    const expected = {
      monthlyUsdBefore: 100,
      monthlyUsdAfter: 80,
      rangeUsdBefore: { low: 0, high: 0 },
      rangeUsdAfter: { low: 0, high: 0 },
      notCountedMonthly: [],
      runsTwice: ["node"],
      runsTwiceUsdPerHour: 0.1,
      onceUsd: none,
      staysMonthlyUsd: none,
      unshrunkMonthlyUsd: none,
      charges: [],
      notCounted: [],
    };
    expect(priceOf(before, after, changes)).to.deep.equal(expected);
    const duration = { minutes: 90, longest: null, path: [] };
    expect(priceOf(before, after, changes, { duration })).to.deep.equal({ ...expected, runsTwiceUsd: 0.15 });
  });

  it("has the range of both sides, and what the side after leaves out", () => {
    const old = side({ ...cost(100), low: 90, high: 110, notCounted: ["taxes", "a zone"] });
    const next = side({ ...cost(80), low: 70, high: 100, notCounted: ["taxes"] });
    expect(priceOf(old, next, [])).to.deep.include({
      rangeUsdBefore: { low: 90, high: 110 },
      rangeUsdAfter: { low: 70, high: 100 },
      notCountedMonthly: ["taxes"],
    });
    expect(priceOf(side({ ...cost(1), low: "1" } as unknown as Cost), next, [])).to.equal(undefined);
    expect(priceOf(side({ ...cost(1), notCounted: null } as unknown as Cost), next, [])).to.equal(undefined);
  });

  it("counts nothing twice where nothing is new, or the old one goes first", () => {
    expect(priceOf(before, after, [change("node", "delete")])?.runsTwice).to.deep.equal([]);
    const replaced = change("node", "replace", { deletedFirst: true });
    expect(priceOf(before, after, [replaced])?.runsTwice).to.deep.equal([]);
    expect(priceOf(before, after, [change("node", "replace")])?.runsTwice).to.deep.equal(["node"]);
  });

  it("names what stays in the account and is paid for", () => {
    const found = priceOf(before, after, [change("db", "retained")]);
    expect(found?.staysMonthlyUsd).to.deep.equal({ low: 14.6, expected: 14.6, high: 14.6 });
    expect(found?.charges.map(({ path, paid, priceId }) => [path, paid, priceId])).to.deep.equal([
      ["db", "monthly", "p"],
    ]);
  });

  it("names the storage of a database that does not shrink, as far as the data does not need it after the move", () => {
    const storage = (low: number, expected: number, high: number): Cost => {
      const [item] = cost(0, ["db", "GB-month", expected, 0.1]).items as [CostItem];
      const [least, most] = [amount(low, 0.1), amount(high, 0.1)];
      return { ...cost(0), items: [{ ...item, priceId: "rds.gp3.single.gb", low: least, high: most }] };
    };
    const found = priceOf(side(storage(50, 50, 80)), side(storage(20, 20, 67)), [change("db", "update")]);
    expect(found?.unshrunkMonthlyUsd).to.deep.equal({ low: 0, expected: 3, high: 3 });
    expect(found?.charges.map(({ item }) => item)).to.deep.equal(["storage that stays, 50 GiB in place of 20"]);
    for (const next of [storage(50, 50, 50), storage(100, 100, 100), cost(0)])
      expect(priceOf(side(storage(50, 50, 80)), side(next), [])?.charges).to.deep.equal([]);
  });

  it("has the charges of the changes, at the prices and the use that are given", () => {
    const type = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";
    const target = side(cost(80), [resource("copies", type, { region: "us-west-2" })]);
    const changes = [change("copies", "create")];
    expect(priceOf(before, target, changes)?.onceUsd).to.deep.equal({ low: 0.04, expected: 0.2, high: 1.2 });
    const price = cataloguePrices.get("xfer.region.usw2") as Price;
    const rates = { prices: new Map([["xfer.region.usw2", { ...price, usd: 1 }]]) };
    expect(priceOf(before, target, changes, { rates })?.onceUsd.expected).to.equal(10);
    // The data of a tier that nobody knows has no size.
    expect(priceOf(side(cost(1), [], "huge"), target, changes)?.charges).to.deep.equal([]);
  });

  it("is not known where a plan has no cost, or one of another form", () => {
    expect(priceOf(side(null), after, [])).to.equal(undefined);
    expect(priceOf(side({ monthlyUsd: 1, items: [{}] } as unknown as Cost), after, [])).to.equal(undefined);
  });
});

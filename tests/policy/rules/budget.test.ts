import { expect } from "chai";
import { violations } from "../../../policy/rules";

const found = (monthlyUsd: number, accepted?: { upToUsd: number }, kept?: { monthlyUsd: number }) =>
  violations([], { allowDestroy: false }, { monthlyUsd, budgetUsd: 100, accepted, kept });

describe("policy monthly-budget", () => {
  const fix =
    "fix: reduce the largest items that npm run plan shows, or accept the cost: set budgetUsd (policy monthly-budget)";

  it("refuses a cent beyond the budget", () => {
    expect(found(100)).to.deep.equal([]);
    expect(found(100.01)).to.deep.equal([
      `cost.monthlyUsd: given 100.01 USD a month; allowed: at most 100 USD a month; ${fix}`,
    ]);
  });

  it("accepts what the tier accepts beyond its budget", () => {
    expect(found(120, { upToUsd: 120 })).to.deep.equal([]);
    expect(found(120.01, { upToUsd: 120 })).to.deep.equal([
      `cost.monthlyUsd: given 120.01 USD a month; allowed: at most 120 USD a month; ${fix}`,
    ]);
  });

  it("does not count what a setting keeps after a move", () => {
    const kept = { monthlyUsd: 44.45 };
    expect(found(144.45, undefined, kept)).to.deep.equal([]);
    expect(found(164.45, { upToUsd: 120 }, kept)).to.deep.equal([]);
    expect(found(144.46, undefined, kept)).to.deep.equal([
      `cost.monthlyUsd: given 144.46 USD a month; allowed: at most 144.45 USD a month; ${fix}`,
    ]);
  });
});

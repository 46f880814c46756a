import { expect } from "chai";
import { violations } from "../../../policy/rules";

const found = (monthlyUsd: number, accepted?: { upToUsd: number }) =>
  violations([], { allowDestroy: false }, { monthlyUsd, budgetUsd: 100, accepted });

describe("policy monthly-budget", () => {
  const fix =
    "fix: lower what npm run plan shows as dearest, or accept the cost: set budgetUsd (policy monthly-budget)";

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
});

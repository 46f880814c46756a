import { expect } from "chai";
import { tierNames } from "../../tiers";
import { monthlyLimitUsd } from "../../tiers/budget";

describe("the most that a stack may cost", () => {
  it("is what the user set, else what the tier accepts beyond its budget, else the budget", () => {
    expect(monthlyLimitUsd("mvp", 40)).to.equal(40);
    expect(tierNames.map((tier) => monthlyLimitUsd(tier, undefined))).to.deep.equal([12, 100, 300, 1000]);
  });
});

import { expect } from "chai";
import { costTablesOf } from "../../../scripts/tables/costs";
import { type TierCosts, tierCosts } from "../../../scripts/tables/tier-costs";
import { tierNames, tiers } from "../../../tiers";

describe("tables of costs", () => {
  let all: TierCosts;

  before(async () => {
    all = await tierCosts();
  });

  const rowsOf = (name: string) =>
    new Map(
      costTablesOf(all)
        [name]?.()
        .split("\n")
        .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "")))
        .map(([first = "", ...rest]) => [first, rest]),
    );

  it("shows a tier that exceeds its budget, and the spot discount it needs", () => {
    const mvp = rowsOf("budgets").get("MVP") ?? [];
    expect(mvp[2]).to.match(/^\*\*\d+\.\d\d over\*\*$/);
    expect(mvp[3]).to.match(/^\d+ % or more$/);
    expect(rowsOf("budgets").get("Startup")?.[3]).to.equal("");
    const percent = Number.parseInt(mvp[3] ?? "", 10);
    const limit = tiers.mvp.budgetUsd.to;
    expect(all.atSpotPrice("mvp", 100 - percent).monthlyUsd).to.be.at.most(limit);
    expect(all.atSpotPrice("mvp", 101 - percent).monthlyUsd).to.be.above(limit);
  });

  it("names the prices that no price list confirms", () => {
    expect([...rowsOf("weak-prices").keys()]).to.include("`rds.pg.multi.db.t4g.large`");
    expect([...rowsOf("weak-prices").keys()]).not.to.include("`eks.controlplane`");
  });

  it("shows amounts whose sum is the tier's", () => {
    const sections = (costTablesOf(all).costs?.() ?? "").split("\n\n").slice(1);
    expect(sections).to.have.length(tierNames.length);
    for (const section of sections) {
      const cents = section
        .split("\n")
        .slice(2)
        .map((line) => Math.round(Number(/([\d.]+)\**? \|$/.exec(line)?.[1]) * 100));
      expect(cents.pop()).to.equal(cents.reduce((sum, one) => sum + one, 0));
    }
  });

  it("prices on-demand nodes in place of spot ones, and a whole node for a queue", () => {
    const added = all.onDemand.map(({ tier, cost }) => [
      tier,
      (cost.monthlyUsd - all.costs[tier].monthlyUsd).toFixed(2),
    ]);
    // Half the price of a t4g.small and of a c7g.large; then a c7g.large with its fee and 20 GiB, as a second node of its pool.
    expect(added).to.deep.equal([
      ["mvp", "6.13"],
      ["scale", "26.47"],
      ["scale", "60.87"],
    ]);
  });
});

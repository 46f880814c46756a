import { expect } from "chai";
import { cataloguePrices, type Price } from "../../../planner/cost/prices";
import { pricedAnew } from "../../../planner/cost/saved";
import type { Plan } from "../../../planner/plan";
import { planStack } from "../../../planner/plan";
import { readProject, readStack } from "../../../planner/stacks";
import { testProject } from "../../support/project";

describe("a saved plan", () => {
  let saved: Plan;

  before(async () => {
    const project = readProject(testProject());
    const { plan } = await planStack(project, readStack(project, "scale"), require("../../../index"));
    saved = JSON.parse(JSON.stringify(plan));
  });

  it("costs what it did at the same prices, with the limit that it had", () => {
    expect(pricedAnew(saved)).to.deep.equal(saved.cost);
    const accepted = { upToUsd: 9, reason: "a trial" };
    expect(pricedAnew({ ...saved, cost: { ...saved.cost, budgetUsd: 7, accepted } })).to.deep.include({
      budgetUsd: 7,
      accepted,
    });
  });

  it("is priced by the prices and the use that are given, not by those that it was saved with", () => {
    const nat = cataloguePrices.get("vpc.nat.hour") as Price;
    const prices = new Map([...cataloguePrices, [nat.id, { ...nat, usd: nat.usd + 1 }]]);
    const cost = pricedAnew({ ...saved, cost: { ...saved.cost, items: [] } }, { prices });
    expect(cost?.monthlyUsd).to.be.closeTo(saved.cost.monthlyUsd + 730, 0.001);
  });

  it("cannot be priced without a basis, with one of another form, another tier, or inputs of another form", () => {
    const { basis, ...old } = saved.cost;
    const nodes = { general: { low: "1", expected: 2 } };
    const odd = saved.resources.map((one) => ({ ...one, inputs: { ...one.inputs, rules: 7 } }));
    for (const plan of [
      { ...saved, cost: null },
      { ...saved, cost: old },
      { ...saved, cost: { ...saved.cost, basis: { ...basis, nodes } as never } },
      { ...saved, tier: "constructor" },
      { ...saved, resources: odd },
    ])
      expect(pricedAnew(plan)).to.equal(undefined);
  });
});

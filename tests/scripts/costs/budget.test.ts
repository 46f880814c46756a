import { expect } from "chai";
import { costsOf, onDemandChanges } from "../../../scripts/costs/budget";
import { centsOf, hoursPerMonth } from "../../../scripts/costs/prices";

const month = (priceId: string) => centsOf({ priceId, quantity: hoursPerMonth });

describe("costs of on-demand nodes in place of spot ones", () => {
  const added = onDemandChanges().map(({ tier, sum }) => [tier, sum - costsOf(tier).sum] as const);

  it("are those of MVP's node and of Scale's workers, with the discount of spot gone", () => {
    const discount = (type: string) => {
      const item = { priceId: `ec2.ondemand.${type}`, quantity: hoursPerMonth };
      return centsOf(item) - centsOf({ ...item, spot: true });
    };
    expect(added.slice(0, 2)).to.deep.equal([
      ["mvp", discount("t4g.small")],
      ["scale", discount("c7g.large")],
    ]);
  });

  it("are a whole node for a queue that keeps to on-demand nodes, with its fee and its volume", () => {
    const volume = centsOf({ priceId: "ebs.gp3.gb", quantity: 20 });
    expect(added.slice(2)).to.deep.equal([
      ["scale", month("ec2.ondemand.c7g.large") + month("eks.auto.c7g.large") + volume],
    ]);
  });
});

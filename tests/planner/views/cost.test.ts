import { expect } from "chai";
import type { CostItem } from "../../../planner/cost/types";
import { costByComponent, costLines, costText, excessText } from "../../../planner/views/cost";
import { plain, plan } from "./support";

const item = (path: string, monthlyUsd: number): CostItem => {
  const amount = { quantity: 1, usdPerUnit: monthlyUsd, monthlyUsd };
  return { path, item: "thing", unit: "month", priceId: "some.price", ...amount, low: amount, high: amount };
};

const cost = {
  ...plan.cost,
  items: [item("shop/edge/a", 0.1), item("shop/postgres/a", 5), item("shop/edge/b", 0.2), item("shop/network/c", 0)],
};

describe("costs in the views", () => {
  it("stand beside the budget", () => {
    expect(costText(cost)).to.equal("290.50 of 300");
  });

  it("are none on AWS where nothing has a price and nothing is left out", () => {
    const none = { ...cost, monthlyUsd: 0, low: 0, high: 0, items: [] };
    expect(costText(none)).to.equal("nothing on AWS");
    expect(costLines(none, plain)).to.deep.equal(["USD a month", "  nothing on AWS"]);
    expect(costText({ ...none, notCounted: ["shop/queue (aws:sqs/queue:Queue): not judged"] })).to.equal("0.00 of 300");
  });

  it("are summed by component, the most expensive first, without those that cost nothing", () => {
    expect(costByComponent(cost)).to.deep.equal([
      { component: "postgres", monthlyUsd: 5 },
      { component: "edge", monthlyUsd: 0.3 },
    ]);
  });

  it("say what a setting keeps where that exceeds the budget", () => {
    const kept = { settings: ["keep.nodeState" as const], paths: ["shop/a", "shop/b"], monthlyUsd: 0.8 };
    expect(excessText({ ...cost, budgetUsd: 290, kept })).to.equal(
      "0.50 over the budget of 290, accepted up to 290.8: keep.nodeState keeps a, b (0.80)",
    );
    const accepted = { upToUsd: 291, reason: "a reason" };
    expect(excessText({ ...cost, budgetUsd: 290, kept, accepted })).to.equal(
      "0.50 over the budget of 290, accepted up to 291.8: keep.nodeState keeps a, b (0.80); a reason",
    );
    expect(excessText({ ...cost, kept })).to.equal(undefined);
  });

  it("say by how much they exceed the budget, what is accepted and what is not counted", () => {
    const over = {
      ...cost,
      budgetUsd: 290,
      accepted: { upToUsd: 291, reason: `much ${"more ".repeat(40)}`.trim() },
      notCounted: ["taxes", "shop/queue (aws:sqs/queue:Queue): not judged"],
    };
    const lines = costLines(over, plain);
    expect(lines.slice(0, 2).join("\n")).to.match(
      /^USD a month\n {2}290\.50 expected, 250\.00 to 410\.00; 0\.50 over the budget of 290, accepted up to 291: much /,
    );
    expect(lines.slice(-3)).to.deep.equal([
      "  postgres  5.00",
      "  edge      0.30",
      "  not counted: taxes; shop/queue (aws:sqs/queue:Queue): not judged",
    ]);
    for (const line of lines) expect(line.length).to.be.at.most(100);
    expect(costLines(cost, plain).join("\n")).not.to.match(/accepted|over|not counted/);
  });
});

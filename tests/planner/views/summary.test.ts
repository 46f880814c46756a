import { expect } from "chai";
import { summaryView } from "../../../planner/views/summary";
import { named, plain, plan } from "./support";

const planned = { plan };

describe("summary view", () => {
  it("says every stack on a line", () => {
    expect(summaryView([planned], plain).split("\n")).to.deep.equal([
      "stack   tier    resources  USD/month      requests/min, not measured  clients : connections",
      "growth  growth  3          290.50 of 300  61700 of 20000              5000 : 99",
      "",
    ]);
  });

  it("says below the stacks by how much one exceeds its budget, and why that is accepted", () => {
    const cost = { ...plan.cost, budgetUsd: 290, accepted: { upToUsd: 291, reason: `a ${"long ".repeat(20)}reason` } };
    const lines = summaryView([planned, { plan: { ...plan, cost } }], plain).split("\n");
    expect(lines.slice(3, 5)).to.deep.equal([
      "",
      `growth: 0.50 over the budget of 290, accepted up to 291: a ${"long ".repeat(8)}`.trimEnd(),
    ]);
    const alone = summaryView([{ plan: { ...plan, cost: { ...plan.cost, budgetUsd: 1 } } }], plain);
    expect(alone.split("\n").slice(2)).to.deep.equal(["", "growth: 289.50 over the budget of 1", ""]);
  });

  it("says below the stacks what their costs leave out, once, and of which stacks where not of all", () => {
    const left = (stack: string, ...notCounted: string[]) => ({
      plan: { ...plan, stack, cost: { ...plan.cost, notCounted } },
    });
    const lines = summaryView(
      [left("a", "taxes", "the difference to the prices of eu-west-1"), left("b", "taxes")],
      plain,
    );
    expect(lines.split("\n").slice(3)).to.deep.equal([
      "",
      "not counted: taxes",
      "not counted: the difference to the prices of eu-west-1 (a)",
      "",
    ]);
  });

  it("says every stack in a paragraph where a line is too long", () => {
    expect(
      summaryView([planned, planned], { ...plain, width: 60 })
        .split("\n")
        .slice(0, 5),
    ).to.deep.equal([
      "growth",
      "  tier: growth; resources: 3; USD/month: 290.50 of 300;",
      "  requests/min, not measured: 61700 of 20000; clients :",
      "  connections: 5000 : 99",
      "growth",
    ]);
    expect(summaryView([planned], named)).to.match(/^<bold>stack /);
    expect(summaryView([planned], { ...named, width: 60 })).to.match(/^<bold>growth<\/>\n/);
  });

  it("says whether it was measured in part, and nothing of what is not required", () => {
    const measured = { file: "result.json", date: "2026-11-20", points: 9, residual: 0.02, fitted: ["readCpuMs"] };
    const capacity = { ...plan.capacity, measured, required: {} };
    expect(
      summaryView([{ plan: { ...plan, capacity } }], plain)
        .split("\n")
        .slice(0, 2),
    ).to.deep.equal([
      "stack   tier    resources  USD/month      requests/min, in part measured  clients : connections",
      "growth  growth  3          290.50 of 300  61700                           5000 : 99",
    ]);
    const clients = { ...plan.capacity, required: { clientConnections: 10000 } };
    expect(summaryView([{ plan: { ...plan, capacity: clients } }], plain).split("\n")[1]).to.equal(
      "growth  growth  3          290.50 of 300  61700                       5000 of 10000 : 99",
    );
  });
});

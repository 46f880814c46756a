import { expect } from "chai";
import { resolveSpec } from "../../../config/resolve";
import { summaryView } from "../../../planner/views/summary";
import { onAws, onExisting, settingsOf } from "../../support/settings";
import { named, plain, plan } from "./support";

const inputs = { spec: resolveSpec(settingsOf({ ...onAws, tier: "growth" })) };
const planned = { plan, inputs };

describe("summary view", () => {
  it("says every stack on a line", () => {
    expect(summaryView([planned], plain).split("\n")).to.deep.equal([
      "stack   tier    resources  USD/month  requests/min, not measured  clients : connections",
      "growth  growth  3          up to 300  61700 of 20000              5000 : 99",
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
      "  tier: growth; resources: 3; USD/month: up to 300;",
      "  requests/min, not measured: 61700 of 20000; clients :",
      "  connections: 5000 : 99",
      "growth",
    ]);
    expect(summaryView([planned], named)).to.match(/^<bold>stack /);
    expect(summaryView([planned], { ...named, width: 60 })).to.match(/^<bold>growth<\/>\n/);
  });

  it("has no budget on an existing cluster, which costs the same without the stack", () => {
    const spec = resolveSpec(settingsOf({ ...onExisting, tier: "growth" }));
    expect(
      summaryView([planned, { plan, inputs: { spec } }], plain)
        .split("\n")
        .slice(1, 3),
    ).to.deep.equal([
      "growth  growth  3          up to 300  61700 of 20000              5000 : 99",
      "growth  growth  3          -          61700 of 20000              5000 : 99",
    ]);
  });

  it("says neither that it was measured nor what is required where that is not so", () => {
    const measured = { file: "result.json", date: "2026-11-20", points: 9, residual: 0.02, fitted: ["readCpuMs"] };
    const capacity = { ...plan.capacity, measured, required: {} };
    expect(
      summaryView([{ plan: { ...plan, capacity }, inputs }], plain)
        .split("\n")
        .slice(0, 2),
    ).to.deep.equal([
      "stack   tier    resources  USD/month  requests/min  clients : connections",
      "growth  growth  3          up to 300  61700         5000 : 99",
    ]);
    const clients = { ...plan.capacity, required: { clientConnections: 10000 } };
    expect(summaryView([{ plan: { ...plan, capacity: clients }, inputs }], plain).split("\n")[1]).to.equal(
      "growth  growth  3          up to 300  61700                       5000 of 10000 : 99",
    );
  });
});

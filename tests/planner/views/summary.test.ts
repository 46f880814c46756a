import { expect } from "chai";
import { summaryView } from "../../../planner/views/summary";
import { named, plain, plan } from "./support";

describe("summary view", () => {
  it("says every stack on a line", () => {
    expect(summaryView([plan], plain).split("\n")).to.deep.equal([
      "stack   tier    resources  USD/month  requests/min  clients : connections",
      "growth  growth  3          up to 300  20000         5000 : 99",
      "",
    ]);
  });

  it("says every stack in a paragraph where a line is too long", () => {
    expect(
      summaryView([plan, plan], { ...plain, width: 60 })
        .split("\n")
        .slice(0, 4),
    ).to.deep.equal([
      "growth",
      "  tier: growth; resources: 3; USD/month: up to 300;",
      "  requests/min: 20000; clients : connections: 5000 : 99",
      "growth",
    ]);
    expect(summaryView([plan], named)).to.match(/^<bold>stack /);
    expect(summaryView([plan], { ...named, width: 60 })).to.match(/^<bold>growth<\/>\n/);
  });

  it("has no load where sizes are overridden", () => {
    const capacity = { ...plan.capacity, requestsPerMinute: null };
    expect(summaryView([{ ...plan, capacity }], plain).split("\n")[1]).to.equal(
      "growth  growth  3          up to 300  sizes overridden  5000 : 99",
    );
  });
});

import { expect } from "chai";
import { summaryView } from "../../../planner/views/summary";
import { named, plain, plan } from "./support";

const planned = { plan };

describe("summary view", () => {
  it("says every stack on a line", () => {
    expect(summaryView([planned], plain).split("\n")).to.deep.equal([
      "stack   tier    resources  USD/month      requests/min  clients : connections",
      "growth  growth  3          290.50 of 300  20000         5000 : 99",
      "",
    ]);
  });

  it("says every stack in a paragraph where a line is too long", () => {
    expect(
      summaryView([planned, planned], { ...plain, width: 60 })
        .split("\n")
        .slice(0, 4),
    ).to.deep.equal([
      "growth",
      "  tier: growth; resources: 3; USD/month: 290.50 of 300;",
      "  requests/min: 20000; clients : connections: 5000 : 99",
      "growth",
    ]);
    expect(summaryView([planned], named)).to.match(/^<bold>stack /);
    expect(summaryView([planned], { ...named, width: 60 })).to.match(/^<bold>growth<\/>\n/);
  });

  it("has no load where sizes are overridden", () => {
    const capacity = { ...plan.capacity, requestsPerMinute: null };
    expect(summaryView([{ plan: { ...plan, capacity } }], plain).split("\n")[1]).to.equal(
      "growth  growth  3          290.50 of 300  sizes overridden  5000 : 99",
    );
  });
});

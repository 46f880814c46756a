import { expect } from "chai";
import { summaryView } from "../../../planner/views/summary";
import { plain, plan } from "./support";

describe("summary view", () => {
  it("says every stack on a line", () => {
    expect(summaryView([plan], plain).split("\n")).to.deep.equal([
      "stack   tier    resources  budget, USD/month  requests/min  clients : connections",
      "growth  growth  3          300                20000         5000 : 99",
      "",
    ]);
  });
});

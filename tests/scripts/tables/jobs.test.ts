import { expect } from "chai";
import { jobTable } from "../../../scripts/tables/jobs";

describe("table of jobs", () => {
  it("shows how long a job may take on each capacity, and which tiers have it", () => {
    expect(jobTable().split("\n").slice(2)).to.deep.equal([
      "| spot | MVP, Scale | 60 s | 60 s | its longest job and 30 s |",
      "| on-demand | Startup, Growth | 3600 s | 300 s | its longest job and 30 s |",
    ]);
  });
});

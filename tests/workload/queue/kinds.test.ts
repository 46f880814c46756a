import { expect } from "chai";
import { limits } from "../../../workload/patterns/limits";
import { kinds } from "../../../workload/queue/kinds";

describe("kinds of jobs", () => {
  it("have a limit each", () => {
    expect(Object.keys(kinds)).to.deep.equal(["image", "video", "training"]);
    expect(limits).to.include.all.keys(Object.keys(kinds));
  });

  it("cost no more than a new user has", () => {
    for (const { credits } of Object.values(kinds)) expect(credits).to.be.within(1, 100);
  });
});

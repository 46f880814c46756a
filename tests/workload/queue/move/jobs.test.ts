import { expect } from "chai";
import { newId } from "../../../../workload/queue/move/jobs";

describe("id of a job that moves", () => {
  it("is its own, unless it is a number of the old queue's counter", () => {
    expect(newId("a1b2", "0b57d9e2-1c1f")).to.equal("0b57d9e2-1c1f");
    expect(newId("a1b2", "17")).to.equal("moved-a1b2-17");
    expect(newId("a1b2", "17")).not.to.equal(newId("c3d4", "17"));
  });
});

import { expect } from "chai";
import { stackTags } from "../../../components/support/tags";

describe("tags of a stack", () => {
  it("name its project and itself", () => {
    expect(stackTags({ project: "shop", stack: "growth" })).to.deep.equal({
      "tierstack:project": "shop",
      "tierstack:stack": "growth",
    });
  });
});

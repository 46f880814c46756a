import { expect } from "chai";
import { asPackaged } from "../../../planner/cli/packaged";

describe("the commands of the package", () => {
  it("stand in the place of this repository's", () => {
    expect(asPackaged("Usage: npm run plan [-- [STACK] [options]]")).to.equal(
      "Usage: npx tierstack plan [STACK] [options]",
    );
    expect(asPackaged("npm run plan, npm run diff -- FROM TO")).to.equal(
      "npx tierstack plan, npx tierstack diff FROM TO",
    );
  });

  it("stand in messages too", () => {
    expect(asPackaged("name a stack: npm run plan -- STACK --format ...")).to.equal(
      "name a stack: npx tierstack plan STACK --format ...",
    );
  });
});

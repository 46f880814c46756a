import { expect } from "chai";
import { asPackaged, commandNames } from "../../../planner/cli/packaged";

describe("the commands of the package", () => {
  it("stand in the place of this repository's", () => {
    expect(asPackaged("Usage: npm run plan [-- [STACK] [options]]")).to.equal(
      "Usage: npx tierstack plan [STACK] [options]",
    );
    expect(asPackaged("npm run plan, npm run diff -- FROM TO")).to.equal(
      "npx tierstack plan, npx tierstack diff FROM TO",
    );
  });

  it("are all there", () => {
    for (const name of commandNames)
      expect(asPackaged(`npm run ${name} -- FILE`)).to.equal(`npx tierstack ${name} FILE`);
    expect(asPackaged("npm run generate -- --check")).to.equal("npm run generate -- --check");
  });

  it("stand in messages too", () => {
    expect(asPackaged("name a stack: npm run plan -- STACK --format ...")).to.equal(
      "name a stack: npx tierstack plan STACK --format ...",
    );
  });
});

import { expect } from "chai";
import { asPackaged } from "../../../planner/cli/packaged";
import { planHelp } from "../../../planner/cli/plan";

describe("the commands of the package", () => {
  it("stand in the place of this repository's, in columns as before", () => {
    const lines = asPackaged(planHelp).split("\n");
    expect(lines[0]).to.equal("Usage: npx tierstack plan [STACK] [options]");
    const commands = lines.filter((line) => line.startsWith("  npx tierstack plan"));
    expect(commands.length).to.equal(planHelp.split("\n").filter((line) => line.startsWith("  npm run plan")).length);
    expect(new Set(commands.map((line) => line.search(/(?<= {3})\S|(?<=FILE {2})\S/))).size).to.be.at.most(2);
    expect(lines.join("\n")).to.not.contain("npm run");
  });

  it("stand in messages too", () => {
    expect(asPackaged("name a stack: npm run plan -- STACK --format ...")).to.equal(
      "name a stack: npx tierstack plan STACK --format ...",
    );
  });
});

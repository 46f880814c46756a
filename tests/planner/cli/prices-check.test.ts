import { expect } from "chai";
import { cataloguePrices } from "../../../planner/cost/prices";
import { runCli } from "./support";

describe("npm run prices:check", () => {
  it("names the prices without a date, and exits with 1", async () => {
    const { code, stdout, stderr } = await runCli("prices:check");
    const undated = [...cataloguePrices.values()].filter(({ asOf }) => asOf === null).map(({ id }) => id);
    expect(undated.length).to.be.above(0);
    for (const id of undated) expect(stdout).to.match(new RegExp(`^${id.replaceAll(".", "\\.")} .* no date `, "m"));
    expect(code).to.equal(1);
    expect(stderr).to.match(
      /^prices: \d+ of \d+ have no date or are older than a year; fix: look them up, and correct planner\/catalogues\/aws-prices\.json\n$/,
    );
  });

  it("refuses a stack", async () => {
    expect(await runCli("prices:check", "growth")).to.deep.equal({
      code: 2,
      stdout: "",
      stderr: "command line: given growth; allowed: flags only; fix: remove it\n",
    });
  });
});

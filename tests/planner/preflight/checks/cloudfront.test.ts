import { expect } from "chai";
import { cloudFront } from "../../../../planner/preflight/checks/cloudfront";
import { needs, requestsOf, run } from "../support";

const having = (Quantity: number) => ({
  cloudFront: { listDistributions: () => ({ DistributionList: { Quantity } }) },
});

describe("CloudFront", () => {
  it("is verified in an account that has a distribution", async () => {
    expect(await run(cloudFront, await needs("mvp"), having(1))).to.deep.equal([
      { status: "fine", text: "the account is verified: it has distributions" },
    ]);
  });

  it("is asked for one distribution", async () => {
    expect(await requestsOf(cloudFront, await needs("mvp"), having(1))).to.deep.equal([
      ["cloudFront.listDistributions", { MaxItems: 1 }],
    ]);
  });

  it("is not known to be verified in any other", async () => {
    const [found] = await run(cloudFront, await needs("mvp"), having(0));
    expect(found?.status).to.equal("unknown");
  });
});

import { expect } from "chai";
import { recordedPlatform } from "../../support/platform";
import { onAws } from "../../support/settings";

describe("what targets on AWS share", () => {
  it("is a provider in the stack's region, whose default tags say who owns a resource", async () => {
    const run = await recordedPlatform({ ...onAws, tier: "mvp", region: "eu-west-1" });
    const { region, defaultTags } = run.inputs("aws");
    expect(region).to.equal("eu-west-1");
    const tags = typeof defaultTags === "string" ? JSON.parse(defaultTags) : defaultTags;
    expect(tags).to.deep.equal({
      tags: { "tierstack:project": "tierstack", "tierstack:stack": "test", "managed-by": "pulumi" },
    });
  });
});

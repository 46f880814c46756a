import { expect } from "chai";
import { tierNames } from "../../tiers";
import { recordedPlatform } from "../support/platform";
import { onAws } from "../support/settings";

const permissionsBoundary = "arn:aws:iam::123456789012:policy/shop-production-boundary";
const iamPolicy = {
  Version: "2012-10-17" as const,
  Statement: [{ Effect: "Allow" as const, Action: "s3:GetObject", Resource: "*" }],
};

describe("permissions boundary", () => {
  for (const tier of tierNames)
    it(`${tier}: every role has it, and nothing else changes`, async () => {
      const settings = { ...onAws, tier, app: { iamPolicy } };
      const without = await recordedPlatform(settings);
      const bounded = await recordedPlatform({ ...settings, permissionsBoundary });
      const roles = bounded.resources.filter(({ type }) => type === "aws:iam/role:Role");
      expect(roles.length).to.be.at.least(2);
      for (const { path, inputs } of roles) expect(inputs.permissionsBoundary, path).to.equal(permissionsBoundary);
      const unbounded = bounded.resources.map(({ inputs, ...rest }) => {
        const { permissionsBoundary: _, ...others } = inputs;
        return { ...rest, inputs: others };
      });
      expect(unbounded).to.deep.equal(without.resources);
    });
});

import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { nearest, SettingsError } from "../../config/problems";

describe("problems", () => {
  it("are one message, a line each, without a stack trace in the Pulumi CLI", () => {
    const problem = { where: "tierstack:tier", given: '"huge"', allowed: "mvp", fix: "change it" };
    const error = new SettingsError([problem, { ...problem, where: "tierstack:image" }]);
    expect(error.message).to.equal(
      'tierstack:tier: given "huge"; allowed: mvp; fix: change it\n' +
        'tierstack:image: given "huge"; allowed: mvp; fix: change it',
    );
    expect(error.problems).to.have.length(2);
    expect(pulumi.RunError.isInstance(error)).to.equal(true);
  });

  it("suggest the most similar candidate, whatever its case", () => {
    expect(nearest("teir", ["region", "tier", "image"])).to.equal("tier");
    expect(nearest("INSTANCECLASS", ["instanceClass"])).to.equal("instanceClass");
    expect(nearest("tiers", ["tiers2", "tier", "tiers"])).to.equal("tiers");
  });

  it("suggest nothing where the distance is above 2 and half of the word", () => {
    expect(nearest("ab", ["abcd"])).to.equal("abcd");
    expect(nearest("ab", ["abcde"])).to.equal(undefined);
    expect(nearest("abcdefgh", ["abcd----"])).to.equal("abcd----");
    expect(nearest("abcdefgh", ["abc-----"])).to.equal(undefined);
    expect(nearest("tier", [])).to.equal(undefined);
  });
});

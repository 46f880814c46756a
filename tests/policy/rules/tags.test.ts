import { expect } from "chai";
import { found, resource } from "../support";

const provider = (tags: object) => resource("pulumi:providers:aws", { defaultTags: JSON.stringify({ tags }) });

describe("policy tagged", () => {
  it("demands project and stack of every provider of AWS", () => {
    expect(
      found("tagged", [provider({ "tierstack:project": "shop" }), resource("pulumi:providers:aws")]),
    ).to.deep.equal([
      "one defaultTags tierstack:stack: given nothing; allowed: a name",
      "one defaultTags tierstack:project: given nothing; allowed: a name",
      "one defaultTags tierstack:stack: given nothing; allowed: a name",
    ]);
    const tagged = provider({ "tierstack:project": "shop", "tierstack:stack": "growth" });
    expect(found("tagged", [tagged, resource("pulumi:providers:kubernetes")])).to.deep.equal([]);
  });

  it("finds a tag without a value", () => {
    expect(found("tagged", [provider({ "tierstack:project": "shop", "tierstack:stack": "" })])).to.have.length(1);
  });
});

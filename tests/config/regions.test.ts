import { expect } from "chai";
import { regionNames, zonesOf } from "../../config/regions";

describe("regions", () => {
  for (const region of regionNames)
    it(`${region} has three different zones, in order`, () => {
      const zones = zonesOf(region);
      expect([...new Set(zones)].sort()).to.deep.equal([...zones]);
      expect(zones).to.have.length(3);
      for (const zone of zones) expect(zone).to.match(new RegExp(`^${region}[a-d]$`));
    });

  it("have the zones a, b and c, except where accounts do not have them all", () => {
    const others = regionNames.filter(
      (region) =>
        zonesOf(region)
          .map((zone) => zone.at(-1))
          .join("") !== "abc",
    );
    expect(Object.fromEntries(others.map((region) => [region, zonesOf(region)]))).to.deep.equal({
      "ca-central-1": ["ca-central-1a", "ca-central-1b", "ca-central-1d"],
      "ap-northeast-1": ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"],
    });
  });

  it("are the documented ones", () => {
    expect(regionNames).to.have.length(14);
    expect(regionNames).to.include.members(["us-east-1", "us-west-2", "eu-central-1", "ap-southeast-2", "sa-east-1"]);
  });
});

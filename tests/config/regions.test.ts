import { expect } from "chai";
import { zoneId } from "../../components/network/zones";
import {
  backupRegionsOf,
  defaultBackupRegion,
  fitZonesOf,
  regionNames,
  unfitBecause,
  zonesOf,
} from "../../config/regions";

describe("regions", () => {
  for (const region of regionNames)
    it(`${region} has three different zones that every tier can use`, () => {
      const zones = zonesOf(region);
      expect(new Set(zones).size).to.equal(3);
      expect(fitZonesOf(region)).to.include.members([...zones]);
      for (const zone of fitZonesOf(region)) {
        expect(zone).to.match(zoneId);
        expect(unfitBecause(zone)).to.equal(undefined);
      }
    });

  it("have the zones 1, 2 and 3, except where a service refuses one", () => {
    const others = regionNames.filter((region) => !zonesOf(region).every((zone, at) => zone.endsWith(`-az${at + 1}`)));
    expect(Object.fromEntries(others.map((region) => [region, zonesOf(region)]))).to.deep.equal({
      "us-east-1": ["use1-az1", "use1-az2", "use1-az4"],
      "ca-central-1": ["cac1-az1", "cac1-az2", "cac1-az4"],
      "ap-northeast-1": ["apne1-az1", "apne1-az2", "apne1-az4"],
    });
    expect(unfitBecause("apne1-az3")).to.equal("CloudFront VPC origins refuse it");
  });

  it("share no zone", () => {
    const all = regionNames.flatMap((region) => fitZonesOf(region));
    expect(new Set(all).size).to.equal(all.length);
  });

  it("copy backups within the continent by default, to a region that RDS copies to", () => {
    const continents: Record<string, string> = { us: "America", ca: "America", eu: "Europe", ap: "Asia" };
    const continent = (region: string) => continents[region.slice(0, 2)];
    for (const region of regionNames) {
      const backup = defaultBackupRegion(region);
      expect(backupRegionsOf(region), region).to.not.include(region);
      if (["ap-southeast-2", "sa-east-1"].includes(region)) expect(backup, region).to.equal(undefined);
      else {
        expect(continent(backup as string), region).to.equal(continent(region));
        expect(backupRegionsOf(region)[0]).to.equal(backup);
      }
    }
    expect(defaultBackupRegion("us-east-1")).to.equal("us-west-2");
    expect(defaultBackupRegion("eu-central-1")).to.equal("eu-west-1");
  });

  it("are the documented ones", () => {
    expect(regionNames).to.have.length(14);
    expect(regionNames).to.include.members(["us-east-1", "us-west-2", "eu-central-1", "ap-southeast-2", "sa-east-1"]);
  });
});

import { expect } from "chai";
import { isBurstable } from "../../../components/support/watched";
import { sizes } from "../../../tiers/sizes";

describe("isBurstable", () => {
  it("tells the types whose CPU runs on credits, of nodes, databases and caches", () => {
    const known = [...sizes.instanceTypes, ...sizes.databaseClasses, ...sizes.cacheNodeTypes];
    const burstable = known.filter(isBurstable);
    expect(burstable).to.include.members(["t4g.small", "db.t4g.medium", "cache.t4g.micro"]);
    expect(burstable.filter((type) => !type.includes("t4g."))).to.deep.equal([]);
    expect(known.filter((type) => !isBurstable(type)).filter((type) => type.includes("t4g."))).to.deep.equal([]);
    // Of those with a baseline in the catalogue, all are.
    for (const type of sizes.instanceTypes)
      expect(isBurstable(type), type).to.equal(sizes.instance(type)?.cpuBaseline !== undefined);
  });
});

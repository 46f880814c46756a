import { expect } from "chai";
import { tierNames } from "../../tiers";
import { demands, leavesTarget, nodeTypes, tiersByDomain } from "../../tiers/targets";

describe("demands of the targets", () => {
  it("make a domain necessary on EKS only", () => {
    expect(Object.entries(demands).map(([kind, { domain }]) => [kind, domain])).to.deep.equal([
      ["existing", false],
      ["k3s", false],
      ["eks", true],
    ]);
    expect(tiersByDomain(true)).to.deep.equal(["growth", "scale"]);
    expect(tiersByDomain(false)).to.deep.equal(["mvp", "startup"]);
  });

  it("leave out the types that are too small for k3s, and those that EKS Auto Mode does not start", () => {
    const k3s = nodeTypes("k3s");
    const eks = nodeTypes("eks");
    expect(k3s).to.include.members(["t4g.small", "t4g.medium", "m7g.large"]);
    expect(k3s).not.to.include.members(["t4g.nano", "t4g.micro"]);
    expect(k3s.filter((type) => !eks.includes(type))).to.deep.equal(["t4g.small"]);
    expect(eks.filter((type) => !k3s.includes(type))).to.deep.equal([]);
  });

  it("are others at the next tier up from Startup only", () => {
    expect(tierNames.filter(leavesTarget)).to.deep.equal(["startup"]);
  });

  it("name no type where the stack creates no nodes", () => {
    expect(nodeTypes("existing")).to.deep.equal([]);
  });
});

import { expect } from "chai";
import { vcpusOf } from "../../../planner/preflight/needs";
import { needs } from "./support";

const vcpus = (compute: { path: string; onDemandVcpus: number; spotVcpus: number }[]) =>
  compute.map(({ path, onDemandVcpus, spotVcpus }) => [path, onDemandVcpus, spotVcpus]);

describe("needs", () => {
  it("of MVP are one spot node in the zone of its volume", async () => {
    const mvp = await needs("mvp");
    expect(mvp.compute).to.deep.equal([
      {
        path: "tierstack/cluster/node/group",
        instanceTypes: ["t4g.small", "t4g.medium"],
        zones: ["use1-az1"],
        onDemandVcpus: 0,
        spotVcpus: 2,
      },
    ]);
    expect(mvp).to.deep.include({ addresses: 1, vpcs: 1, zones: ["use1-az1", "use1-az2", "use1-az4"] });
  });

  it("of a move to Growth are both clusters", async () => {
    const growth = await needs("growth", "startup");
    expect(vcpus(growth.compute)).to.deep.equal([["tierstack/cluster/general", 6, 0]]);
    expect(vcpus(growth.computeInMove)).to.deep.equal([
      ["tierstack/cluster/node/group", 2, 0],
      ["tierstack/cluster/general", 6, 0],
    ]);
    expect(growth).to.deep.include({ stack: "startup", addresses: 1, vpcs: 1 });
    expect((await needs("growth")).addresses).to.equal(0);
  });

  it("of a move down are the larger of both sides", async () => {
    const growth = await needs("growth", "scale");
    expect(vcpus(growth.computeInMove)).to.deep.equal([
      // All spot, or all on demand where AWS has no spot capacity.
      ["tierstack/cluster/workers", 20, 20],
      ["tierstack/cluster/general", 12, 0],
    ]);
  });

  it("of an existing cluster are nothing of AWS", async () => {
    expect(await needs("local")).to.deep.include({ compute: [], addresses: 0, vpcs: 0, zones: [], domain: undefined });
  });

  it("know the vCPUs of types outside of the catalogue by their size", () => {
    expect(["t4g.small", "m7g.xlarge", "m9g.xlarge", "c8g.4xlarge", "x8g.large"].map(vcpusOf)).to.deep.equal([
      2, 4, 4, 16, 2,
    ]);
  });
});

import { expect } from "chai";
import { Network } from "../../../components/network/network";
import { zoneId, zoneName } from "../../../components/network/zones";
import { recorded } from "../../support/record";

const token = "aws:index/getAvailabilityZone:getAvailabilityZone";

describe("zones", () => {
  it("go by an AZ id or by a name", () => {
    for (const id of ["use1-az1", "apse2-az3", "usw2-az10"]) expect(id).to.match(zoneId);
    for (const name of ["us-east-1a", "use1-az", "use1-az1a", "", "us-west-2-lax-1a"])
      expect(name).not.to.match(zoneId);
  });

  it("have their name looked up in the region by their id only", async () => {
    const run = await recorded(() => {
      const zones = ["use1-az2", "us-east-1b", "us-east-1c"] as const;
      const size = { egress: "public", flowLogs: false } as const;
      const network = new Network("network", { cidr: "10.20.0.0/16", zones, region: "us-east-1", size });
      return { name: zoneName("us-east-1b", "us-east-1", network) };
    });
    expect(run.outputs.name).to.equal("us-east-1b");
    expect(run.lookUp(token)).to.deep.equal({
      token,
      arguments: { zoneId: "use1-az2", region: "us-east-1" },
      result: { id: "us-east-1", name: "us-east-1b" },
    });
  });
});

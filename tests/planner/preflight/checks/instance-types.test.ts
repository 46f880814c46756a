import { expect } from "chai";
import { emptyZones, instanceTypes } from "../../../../planner/preflight/checks/instance-types";
import { needs, requestsOf, run } from "../support";

const offering = (...pairs: string[]) => ({
  ec2: {
    describeInstanceTypeOfferings: () => ({
      InstanceTypeOfferings: pairs.map((pair) => {
        const [InstanceType, Location] = pair.split(" ");
        return { InstanceType, Location };
      }),
    }),
  },
});

describe("instance types", () => {
  it("are fine where each zone offers one of them", async () => {
    const mvp = await needs("mvp");
    expect(await run(instanceTypes, mvp, offering("t4g.medium use1-az1"))).to.deep.equal([
      { status: "fine", text: "t4g.medium, t4g.small" },
    ]);
  });

  it("are asked by type and zone", async () => {
    expect(await requestsOf(instanceTypes, await needs("scale"), offering())).to.deep.equal([
      [
        "ec2.describeInstanceTypeOfferings",
        {
          LocationType: "availability-zone-id",
          Filters: [
            { Name: "instance-type", Values: ["c7g.large", "m7g.large", "t4g.large"] },
            { Name: "location", Values: ["use1-az1", "use1-az2", "use1-az4"] },
          ],
        },
      ],
    ]);
  });

  it("fail in a zone that offers none", async () => {
    const [found, ...more] = await run(
      instanceTypes,
      await needs("growth"),
      offering("t4g.medium use1-az1", "t4g.medium use1-az4"),
    );
    expect(more).to.deep.equal([]);
    expect(found).to.deep.equal({
      status: "failed",
      problem: {
        where: "nodes.instanceTypes",
        given: "t4g.medium, none of which use1-az2 offers",
        allowed: "a type that every zone of the nodes offers",
        fix: "add another type to nodes.instanceTypes, or choose other network.zones before the first deploy",
      },
    });
  });

  it("are told apart by zone", () => {
    const compute = { path: "", instanceTypes: ["a", "b"], zones: ["1", "2", "3"], onDemandVcpus: 0, spotVcpus: 0 };
    expect(emptyZones(compute, new Set(["a 1", "b 3", "c 2"]))).to.deep.equal(["2"]);
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { fitZonesOf, regionNames, unfitBecause } from "../../../../config/regions";
import { zones } from "../../../../planner/preflight/checks/zones";
import { needs, requestsOf, run } from "../support";

const account = (offered: string[], subnets: string[] = []) => ({
  ec2: {
    describeAvailabilityZones: () => ({
      AvailabilityZones: offered.map((ZoneId) => ({ ZoneId, State: "available" })),
    }),
    describeVpcs: () => ({
      Vpcs: [
        {
          VpcId: "vpc-1",
          Tags:
            subnets.length === 0
              ? []
              : ["project=tierstack", "stack=startup"].map((tag) => {
                  const [key, Value] = tag.split("=");
                  return { Key: `tierstack:${key}`, Value };
                }),
        },
      ],
    }),
    describeSubnets: () => ({ Subnets: subnets.map((AvailabilityZoneId) => ({ AvailabilityZoneId })) }),
  },
});
const all = ["use1-az1", "use1-az2", "use1-az4"];

describe("zones", () => {
  it("are fine where the account has them", async () => {
    expect(await run(zones, await needs("mvp"), account(all))).to.deep.equal([
      { status: "fine", text: "use1-az1, use1-az2, use1-az4" },
    ]);
  });

  it("that AWS refuses are those that docs/moving.md names", () => {
    const prefixes = regionNames.map((region) => fitZonesOf(region)[0]?.replace(/\d+$/, ""));
    const unfit = prefixes
      .flatMap((prefix) => Array.from({ length: 9 }, (_, index) => `${prefix}${index + 1}`))
      .filter(unfitBecause);
    const page = readFileSync(join(__dirname, "../../../../docs/moving.md"), "utf8").replaceAll("\n", " ");
    expect(page).to.contain(`one of its zones is ${unfit.slice(0, -1).join(", ")} or ${unfit.at(-1)}, EKS`);
    expect(page.match(/\b[a-z]+\d-az\d\b/g)).to.deep.equal(unfit);
  });

  it("are asked by id, and the subnets by the stack's VPC", async () => {
    const zonesAsked = ["ec2.describeAvailabilityZones", { Filters: [{ Name: "zone-id", Values: all }] }];
    expect(await requestsOf(zones, await needs("mvp"), account(all))).to.deep.equal([
      zonesAsked,
      ["ec2.describeVpcs", {}],
    ]);
    expect(await requestsOf(zones, await needs("growth", "startup"), account(all, all))).to.deep.equal([
      zonesAsked,
      ["ec2.describeVpcs", {}],
      ["ec2.describeSubnets", { Filters: [{ Name: "vpc-id", Values: ["vpc-1"] }] }],
    ]);
  });

  it("fail where the account lacks one", async () => {
    expect(await run(zones, await needs("mvp"), account(["use1-az1", "use1-az4"]))).to.deep.equal([
      {
        status: "failed",
        problem: {
          where: "network.zones",
          given: "use1-az2, which this account cannot use",
          allowed: "zones that the account has",
          fix: "name three others of the region, before the first deploy",
        },
      },
    ]);
  });

  it("are those of the subnets that are there, and fail where EKS refuses one", async () => {
    const move = await needs("growth", "startup");
    expect(await run(zones, move, account([], ["use1-az6", "use1-az1", "use1-az1"]))).to.deep.equal([
      { status: "fine", text: "use1-az1, use1-az6, where the subnets are" },
    ]);
    const [found] = await run(zones, move, account(all, ["use1-az1", "use1-az3"]));
    expect(found).to.deep.equal({
      status: "failed",
      problem: {
        where: "subnets",
        given: "a subnet in use1-az3: EKS and CloudFront VPC origins refuse it",
        allowed: "zones of config/regions.ts",
        fix: "start a new stack: subnets cannot move (docs/moving.md)",
      },
    });
  });
});

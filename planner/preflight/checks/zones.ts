import { unfitBecause } from "../../../config/regions";
import { type Check, type Finding, failed, fine, has } from "../check";
import { ownVpcs } from "../own";

/** The account has the zones of the subnets, and the subnets that are there already are in zones that EKS accepts. */
export const zones: Check = {
  name: "zones",
  fails: "the account lacks a zone, or existing subnets are in one that EKS refuses",
  signedIn: true,
  applies: (needs) => needs.zones.length > 0,
  async run(needs, { aws }) {
    const ec2 = aws.ec2();
    // By filter: an unknown id would be an error.
    const { AvailabilityZones: found = [] } = await ec2.describeAvailabilityZones({
      Filters: [{ Name: "zone-id", Values: needs.zones }],
    });
    const offered = found.filter(({ State }) => State === "available").map(({ ZoneId }) => ZoneId);
    const missing = needs.zones.filter((zone) => !offered.includes(zone));
    const vpcs = await ownVpcs(aws, needs);
    const subnets =
      vpcs.length > 0 ? (await ec2.describeSubnets({ Filters: [{ Name: "vpc-id", Values: vpcs }] })).Subnets : [];
    const existing = [...new Set((subnets ?? []).map(({ AvailabilityZoneId }) => AvailabilityZoneId ?? ""))].sort();
    const unfit = has(needs, "aws:eks/cluster:Cluster")
      ? existing.filter((zone) => unfitBecause(zone) !== undefined)
      : [];
    const problems: Finding[] = [
      // A stack that is there keeps its zones, whatever the setting says.
      ...(existing.length > 0 ? [] : missing).map((zone) =>
        failed({
          where: "network.zones",
          given: `${zone}, which this account cannot use`,
          allowed: "zones that the account has",
          fix: "name three others of the region, before the first deploy",
        }),
      ),
      ...unfit.map((zone) =>
        failed({
          where: "subnets",
          given: `a subnet in ${zone}: ${unfitBecause(zone)}`,
          allowed: "zones of config/regions.ts",
          fix: "start a new stack: subnets cannot move (docs/moving.md)",
        }),
      ),
    ];
    if (problems.length > 0) return problems;
    return [fine(existing.length > 0 ? `${existing.join(", ")}, where the subnets are` : needs.zones.join(", "))];
  },
};

import { type Check, failed, fine } from "../check";
import type { Compute } from "../needs";

/** Zones of a compute resource in which AWS offers none of its types. `offered` are pairs such as `t4g.small use1-az1`. */
export function emptyZones({ instanceTypes, zones }: Compute, offered: Set<string>): string[] {
  return zones.filter((zone) => !instanceTypes.some((type) => offered.has(`${type} ${zone}`)));
}

/** Every zone in which nodes run offers one of their instance types. */
export const instanceTypes: Check = {
  name: "instance types",
  fails: "a zone offers none of the nodes' types",
  signedIn: true,
  applies: ({ compute }) => compute.length > 0,
  async run({ compute }, { aws }) {
    const types = [...new Set(compute.flatMap((one) => one.instanceTypes))].sort();
    const { InstanceTypeOfferings = [] } = await aws.ec2().describeInstanceTypeOfferings({
      LocationType: "availability-zone-id",
      Filters: [
        { Name: "instance-type", Values: types },
        { Name: "location", Values: [...new Set(compute.flatMap(({ zones }) => zones))] },
      ],
    });
    const offered = new Set(InstanceTypeOfferings.map(({ InstanceType, Location }) => `${InstanceType} ${Location}`));
    const problems = compute.flatMap((one) =>
      emptyZones(one, offered).map((zone) =>
        failed({
          where: "nodes.instanceTypes",
          given: `${one.instanceTypes.join(", ")}, none of which ${zone} offers`,
          allowed: "a type that every zone of the nodes offers",
          fix: "add another type to nodes.instanceTypes, or choose other network.zones before the first deploy",
        }),
      ),
    );
    return problems.length > 0 ? problems : [fine(types.join(", "))];
  },
};

import * as pulumi from "@pulumi/pulumi";
import { formatProblem } from "../../tiers/problem";

/** Three different availability zones, in the order in which the subnets use them. */
export type Zones = readonly [string, string, string];

/** The network of a VPC. */
export const vpcCidr = {
  pattern: /^10\.(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])\.0\.0\/16$/,
  allowed: "a /16 below 10.0.0.0/8, such as 10.20.0.0/16",
};

/** The subnets of one zone. */
export interface ZoneSubnets {
  zone: string;
  publicCidr: string;
  privateCidr: string;
}

/** Third octets of the first public and the first private subnet, and the step of a /20. Between and after them the
 * /16 stays free: for a fourth zone, or subnets of another kind. */
const firstPublic = 0;
const firstPrivate = 128;
const step = 16;

/**
 * The /20 subnets of a /16, one public and one private in each zone. They hang on the network and on the order of the
 * zones alone: a subnet whose CIDR or zone changes is replaced, and everything in it.
 */
export function subnetsOf(cidr: string, zones: Zones): ZoneSubnets[] {
  if (!vpcCidr.pattern.test(cidr))
    throw new pulumi.RunError(
      formatProblem({ where: "network.cidr", given: cidr, allowed: vpcCidr.allowed, fix: "change network.cidr" }),
    );
  if (new Set(zones).size !== zones.length)
    throw new pulumi.RunError(
      formatProblem({
        where: "network.zones",
        given: zones.join(", "),
        allowed: "three different zones",
        fix: "name three zones",
      }),
    );
  const network = cidr.replace(/\.0\.0\/16$/, "");
  return zones.map((zone, at) => ({
    zone,
    publicCidr: `${network}.${firstPublic + at * step}.0/20`,
    privateCidr: `${network}.${firstPrivate + at * step}.0/20`,
  }));
}

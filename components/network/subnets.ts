import * as pulumi from "@pulumi/pulumi";
import { formatProblem } from "../../tiers/problem";

/** Three different availability zones, by AZ id or by name, in the order of the subnets. */
export type Zones = readonly [string, string, string];

/** Valid CIDRs of a VPC. */
export const vpcCidr = {
  pattern: /^10\.(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])\.0\.0\/16$/,
  allowed: "a /16 below 10.0.0.0/8, such as 10.20.0.0/16",
  default: "10.20.0.0/16",
};

/** The subnets of one zone. */
export interface ZoneSubnets {
  zone: string;
  publicCidr: string;
  privateCidr: string;
}

/** Third octets of the first public and the first private subnet, and the step between /20 blocks. The rest of the /16
 * stays free for a fourth zone or other subnets. */
const firstPublic = 0;
const firstPrivate = 128;
const step = 16;

/**
 * Returns one public and one private /20 subnet of the /16 for each zone. They depend only on the CIDR and the order of
 * the zones: a change of a subnet's CIDR replaces it and everything in it. Throws a RunError for an invalid CIDR or a
 * repeated zone.
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
        fix: "set three different zones",
      }),
    );
  const network = cidr.replace(/\.0\.0\/16$/, "");
  return zones.map((zone, index) => ({
    zone,
    publicCidr: `${network}.${firstPublic + index * step}.0/20`,
    privateCidr: `${network}.${firstPrivate + index * step}.0/20`,
  }));
}

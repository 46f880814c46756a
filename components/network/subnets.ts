import * as pulumi from "@pulumi/pulumi";

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
export function subnetsOf(cidr: string, zones: readonly string[]): ZoneSubnets[] {
  const network = /^(\d{1,3}\.\d{1,3})\.0\.0\/16$/.exec(cidr)?.[1];
  if (!network) {
    throw new pulumi.RunError(`network.cidr: given ${cidr}; allowed: a /16 such as 10.20.0.0/16; fix: use a /16`);
  }
  if (zones.length !== 3 || new Set(zones).size !== 3) {
    throw new pulumi.RunError(
      `network.zones: given ${zones.join(", ") || "none"}; allowed: three different zones; fix: name three zones`,
    );
  }
  return zones.map((zone, at) => ({
    zone,
    publicCidr: `${network}.${firstPublic + at * step}.0/20`,
    privateCidr: `${network}.${firstPrivate + at * step}.0/20`,
  }));
}

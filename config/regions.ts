import type { Zones } from "../components/network/subnets";

/**
 * Regions that the stack can run in, with three availability zones each. The zones are pinned, because a subnet cannot
 * change its zone and a look-up could return different zones another day.
 *
 * Source: AWS, "Regions and Availability Zones". Every region listed has Graviton, EKS Auto Mode and CloudFront VPC
 * origins. Where accounts see different zones, these are the letters that every account has.
 */
const zoneLetters = {
  "us-east-1": ["a", "b", "c"],
  "us-east-2": ["a", "b", "c"],
  "us-west-2": ["a", "b", "c"],
  "ca-central-1": ["a", "b", "d"],
  "eu-central-1": ["a", "b", "c"],
  "eu-north-1": ["a", "b", "c"],
  "eu-west-1": ["a", "b", "c"],
  "eu-west-2": ["a", "b", "c"],
  "eu-west-3": ["a", "b", "c"],
  "ap-northeast-1": ["a", "c", "d"],
  "ap-south-1": ["a", "b", "c"],
  "ap-southeast-1": ["a", "b", "c"],
  "ap-southeast-2": ["a", "b", "c"],
  "sa-east-1": ["a", "b", "c"],
} as const satisfies Record<string, Zones>;

export type Region = keyof typeof zoneLetters;
export const regionNames = Object.keys(zoneLetters) as [Region, ...Region[]];

/** The three zones of a region, in the order of the subnets. */
export function zonesOf(region: Region): Zones {
  const [first, second, third] = zoneLetters[region];
  return [`${region}${first}`, `${region}${second}`, `${region}${third}`];
}

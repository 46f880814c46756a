import type { Zones } from "../components/network/subnets";

/**
 * Regions the stack can run in, with three availability zones of each. Zones are pinned: a look-up could answer
 * differently tomorrow, and a subnet's zone cannot change.
 *
 * Source: AWS, "Regions and Availability Zones" (every region listed has Graviton, EKS Auto Mode and CloudFront VPC
 * origins). In regions where an account sees fewer or other letters, the letters given here are the ones that every
 * account has.
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

/** The three zones of a region, in the order in which the subnets use them. */
export function zonesOf(region: Region): Zones {
  const [first, second, third] = zoneLetters[region];
  return [`${region}${first}`, `${region}${second}`, `${region}${third}`];
}

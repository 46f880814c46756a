/**
 * Regions the stack can run in, with three availability zones of each. Zones are pinned: a look-up could answer
 * differently tomorrow, and a subnet's zone cannot change.
 *
 * Source: AWS, "Regions and Availability Zones" (every region listed has Graviton, EKS Auto Mode and CloudFront VPC
 * origins). In regions where an account sees fewer or other letters, the letters given here are the ones that every
 * account has.
 */
const zoneLetters = {
  "us-east-1": "abc",
  "us-east-2": "abc",
  "us-west-2": "abc",
  "ca-central-1": "abd",
  "eu-central-1": "abc",
  "eu-north-1": "abc",
  "eu-west-1": "abc",
  "eu-west-2": "abc",
  "eu-west-3": "abc",
  "ap-northeast-1": "acd",
  "ap-south-1": "abc",
  "ap-southeast-1": "abc",
  "ap-southeast-2": "abc",
  "sa-east-1": "abc",
} as const;

export type Region = keyof typeof zoneLetters;
export const regionNames = Object.keys(zoneLetters) as [Region, ...Region[]];

/** The three zones of a region, in the order in which the subnets use them. */
export function zonesOf(region: Region): string[] {
  return [...zoneLetters[region]].map((letter) => `${region}${letter}`);
}

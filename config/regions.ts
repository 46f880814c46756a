import type { Zones } from "../components/network/subnets";

/**
 * Regions that the stack can run in, with the availability zones that every tier can use, by AZ id. The first three are
 * the default, in the order of the subnets. Zones go by id, because the letters of zone names are shuffled per account
 * in older regions. All accounts must get the same zones, and none that Growth cannot use, because a subnet cannot move
 * later.
 *
 * Sources: AWS Global Infrastructure, "AWS Availability Zones" (ids by region). Left out are the zones of `unfitZones`.
 * Every region listed has Graviton, EKS Auto Mode and CloudFront VPC origins.
 */
const fitZones = {
  "us-east-1": ["use1-az1", "use1-az2", "use1-az4", "use1-az5", "use1-az6"],
  "us-east-2": ["use2-az1", "use2-az2", "use2-az3"],
  "us-west-2": ["usw2-az1", "usw2-az2", "usw2-az3", "usw2-az4"],
  "ca-central-1": ["cac1-az1", "cac1-az2", "cac1-az4"],
  "eu-central-1": ["euc1-az1", "euc1-az2", "euc1-az3"],
  "eu-north-1": ["eun1-az1", "eun1-az2", "eun1-az3"],
  "eu-west-1": ["euw1-az1", "euw1-az2", "euw1-az3"],
  "eu-west-2": ["euw2-az1", "euw2-az2", "euw2-az3", "euw2-az4"],
  "eu-west-3": ["euw3-az1", "euw3-az2", "euw3-az3"],
  "ap-northeast-1": ["apne1-az1", "apne1-az2", "apne1-az4"],
  "ap-south-1": ["aps1-az1", "aps1-az2", "aps1-az3"],
  "ap-southeast-1": ["apse1-az1", "apse1-az2", "apse1-az3"],
  "ap-southeast-2": ["apse2-az1", "apse2-az2", "apse2-az3"],
  "sa-east-1": ["sae1-az1", "sae1-az2", "sae1-az3"],
} as const satisfies Record<string, readonly [...Zones, ...string[]]>;

/**
 * Zones that a service of the stack refuses, by AZ id.
 *
 * Sources: Amazon EKS, "VPC and subnet considerations" (use1-az3, cac1-az3); Amazon CloudFront, "Supported AWS Regions
 * for VPC origins" (use1-az3, cac1-az3, apne1-az3).
 */
const unfitZones: Record<string, string | undefined> = {
  "use1-az3": "EKS and CloudFront VPC origins refuse it",
  "cac1-az3": "EKS and CloudFront VPC origins refuse it",
  "apne1-az3": "CloudFront VPC origins refuse it",
};

export type Region = keyof typeof fitZones;
export const regionNames = Object.keys(fitZones) as [Region, ...Region[]];

/** AZ ids that every tier can use. */
export const fitZonesOf = (region: Region): readonly string[] => fitZones[region];

/** Why no tier may use a zone; undefined if none of AWS's services is known to refuse it. */
export const unfitBecause = (zone: string): string | undefined => unfitZones[zone];

/** The three AZ ids of a region that a stack gets by default, in the order of the subnets. */
export function zonesOf(region: Region): Zones {
  const [first, second, third] = fitZones[region];
  return [first, second, third];
}

/**
 * Regions to which RDS copies automated backups of a region, the default first. A default stays on the continent: where
 * none is left there, the list begins with undefined.
 *
 * Source: Amazon RDS, "Replicating automated backups to another AWS Region", AWS Region support
 * (awsdocs/amazon-rds-user-guide, USER_ReplicateBackups.md), as far as the stack can run there. AWS adds pairs;
 * `preflight` asks for the current ones.
 */
const backupPairs: Record<Region, readonly [Region | undefined, ...Region[]]> = {
  "us-east-1": [
    ...([
      "us-west-2",
      "us-east-2",
      "ca-central-1",
      "sa-east-1",
      "ap-south-1",
      "ap-southeast-1",
      "ap-southeast-2",
    ] as const),
    ...(["ap-northeast-1", "eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1"] as const),
  ],
  "us-east-2": [
    ...(["us-west-2", "us-east-1", "ca-central-1", "sa-east-1", "ap-south-1", "ap-southeast-1"] as const),
    ...(["ap-northeast-1", "eu-central-1", "eu-west-1"] as const),
  ],
  "us-west-2": [
    ...(["us-east-1", "us-east-2", "ca-central-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2"] as const),
    ...(["ap-northeast-1", "eu-central-1", "eu-west-1"] as const),
  ],
  "ca-central-1": ["us-west-2", "us-east-1", "us-east-2", "eu-west-1"],
  "eu-central-1": ["eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "us-east-1", "us-east-2", "us-west-2"],
  "eu-north-1": ["eu-west-1", "eu-central-1", "eu-west-2", "eu-west-3", "us-east-1"],
  "eu-west-1": [
    ...(["eu-central-1", "eu-west-2", "eu-west-3", "eu-north-1", "ca-central-1"] as const),
    ...(["us-east-1", "us-east-2", "us-west-2"] as const),
  ],
  "eu-west-2": ["eu-west-1", "eu-central-1", "eu-west-3", "eu-north-1", "us-east-1"],
  "eu-west-3": ["eu-west-1", "eu-central-1", "eu-west-2", "eu-north-1", "us-east-1"],
  "ap-northeast-1": ["ap-southeast-1", "us-east-1", "us-east-2", "us-west-2"],
  "ap-south-1": ["ap-southeast-1", "us-east-1", "us-east-2", "us-west-2"],
  "ap-southeast-1": ["ap-northeast-1", "ap-south-1", "ap-southeast-2", "us-east-1", "us-east-2", "us-west-2"],
  "ap-southeast-2": [undefined, "ap-southeast-1", "us-east-1", "us-west-2"],
  "sa-east-1": [undefined, "us-east-1", "us-east-2"],
};

/** Regions to which RDS is known to copy backups of a region. */
export const backupRegionsOf = (region: Region): Region[] =>
  backupPairs[region].filter((other): other is Region => other !== undefined);

/** The region of the backup copies where a stack names none: on the same continent, or undefined. */
export const defaultBackupRegion = (region: Region): Region | undefined => backupPairs[region][0];

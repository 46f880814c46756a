import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Form of an AZ id such as use1-az1. A zone name such as us-east-1a has none. */
export const zoneId = /^[a-z]{2,5}\d-az\d{1,2}$/;

/**
 * Returns the name that this account has for a zone, which may be an AZ id or a name already. In older regions the
 * letters of the names are shuffled per account, so that us-east-1a of two accounts may be two different zones (AWS,
 * "AZ IDs"). The volume of a node and the replicas of RDS take a name only.
 */
export function zoneName(zone: string, region: string, parent: pulumi.Resource): pulumi.Input<string> {
  return zoneId.test(zone) ? aws.getAvailabilityZoneOutput({ zoneId: zone, region }, { parent }).name : zone;
}

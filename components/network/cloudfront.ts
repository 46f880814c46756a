import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Id of the managed prefix list with the addresses from which CloudFront connects to origins. It counts as 55 of the 60
 * rules that a security group may have, so a group takes it for one port only (AWS, "AWS-managed prefix lists").
 */
export function cloudFrontPrefixListId(parent: pulumi.Resource): pulumi.Output<string> {
  return aws.ec2.getManagedPrefixListOutput({ name: "com.amazonaws.global.cloudfront.origin-facing" }, { parent }).id;
}

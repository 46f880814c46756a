import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Returns the ID of the AWS-managed prefix list with the addresses from which CloudFront connects to origins. The list
 * counts as 55 of a security group's 60 rules, so a group can use it for one port only (AWS, "AWS-managed prefix
 * lists").
 */
export function cloudFrontPrefixListId(parent: pulumi.Resource): pulumi.Output<string> {
  return aws.ec2.getManagedPrefixListOutput({ name: "com.amazonaws.global.cloudfront.origin-facing" }, { parent }).id;
}

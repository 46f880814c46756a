import type * as aws from "@pulumi/aws";
import type { NodeTask } from "./node-task";

/** Instance tag. The node's role may attach the volume and the address only to an instance with this tag. */
export const clusterTag = "tierstack:cluster";

export interface NodePolicyArgs {
  region: string;
  clusterName: string;
  volumeId: string;
  /** Allocation ID of the Elastic IP. */
  allocationId: string;
  parameterArns: string[];
  /** @default none */
  task?: Pick<NodeTask, "statements">;
}

export const nodeTrust: aws.iam.PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
};

/** Returns the IAM policy of the node. The parameters use the AWS managed key of SSM, which needs no grant. */
export function nodePolicy(args: NodePolicyArgs): aws.iam.PolicyDocument {
  const { clusterName, allocationId, parameterArns, volumeId, task } = args;
  const ec2 = (resource: string) => `arn:aws:ec2:${args.region}:*:${resource}`;
  const statement = (Sid: string, Action: string[], Resource: string | string[]) =>
    ({ Sid, Effect: "Allow", Action, Resource }) as const;
  return {
    Version: "2012-10-17",
    Statement: [
      statement("Authorities", ["ssm:GetParameter"], parameterArns),
      // Does not support resource-level permissions.
      statement("FindVolume", ["ec2:DescribeVolumes"], "*"),
      statement("TakeVolume", ["ec2:AttachVolume"], ec2(`volume/${volumeId}`)),
      statement(
        "TakeAddress",
        ["ec2:AssociateAddress"],
        [ec2(`elastic-ip/${allocationId}`), ec2("network-interface/*")],
      ),
      {
        ...statement("OnlyForTheNode", ["ec2:AttachVolume", "ec2:AssociateAddress"], ec2("instance/*")),
        Condition: { StringEquals: { [`aws:ResourceTag/${clusterTag}`]: clusterName } },
      },
      // Session Manager. The managed policy AmazonSSMManagedInstanceCore allows reading every parameter of the account.
      statement(
        "Sessions",
        [
          "ssm:UpdateInstanceInformation",
          ...["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
            (action) => `ssmmessages:${action}`,
          ),
        ],
        "*",
      ),
      ...(task?.statements ?? []),
    ],
  };
}

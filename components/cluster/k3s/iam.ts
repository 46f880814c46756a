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
  /** KMS key of the volume, the parameters and the dumps. @default keys that AWS manages, which need no grant */
  kmsKeyArn?: string | undefined;
  /** @default none */
  task?: Pick<NodeTask, "statements">;
}

export const nodeTrust: aws.iam.PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
};

/**
 * What the node needs of a key: to decrypt parameters, to write dumps, and, for a volume, what Amazon EBS asks of who
 * attaches it (Amazon EBS User Guide, "Requirements for Amazon EBS encryption").
 */
function keyStatements(key: string): aws.iam.PolicyStatement[] {
  const action = (name: string) => `kms:${name}`;
  return [
    {
      Sid: "UseKey",
      Effect: "Allow",
      Action: ["Decrypt", "DescribeKey", "GenerateDataKey"].map(action),
      Resource: key,
    },
    {
      Sid: "GrantKeyToTheVolume",
      Effect: "Allow",
      Action: [action("CreateGrant")],
      Resource: key,
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

/** Returns the IAM policy of the node. */
export function nodePolicy(args: NodePolicyArgs): aws.iam.PolicyDocument {
  const { clusterName, allocationId, parameterArns, volumeId, kmsKeyArn, task } = args;
  const ec2 = (resource: string) => `arn:aws:ec2:${args.region}:*:${resource}`;
  const statement = (Sid: string, Action: string[], Resource: string | string[]) =>
    ({ Sid, Effect: "Allow", Action, Resource }) as const;
  const ofTheCluster = { Condition: { StringEquals: { [`aws:ResourceTag/${clusterTag}`]: clusterName } } };
  // Credentials of the role that left the instance do not work elsewhere.
  const fromAnInstance = { Condition: { ArnLike: { "ec2:SourceInstanceARN": ec2("instance/*") } } };
  return {
    Version: "2012-10-17",
    Statement: [
      statement("Authorities", ["ssm:GetParameter"], parameterArns),
      // Does not support resource-level permissions.
      statement("FindVolume", ["ec2:DescribeVolumes"], "*"),
      statement("TakeVolume", ["ec2:AttachVolume"], ec2(`volume/${volumeId}`)),
      statement("TakeAddress", ["ec2:AssociateAddress"], ec2(`elastic-ip/${allocationId}`)),
      // The launch template tags the instance and its network interface.
      { ...statement("VolumeForTheNode", ["ec2:AttachVolume"], ec2("instance/*")), ...ofTheCluster },
      {
        ...statement("AddressForTheNode", ["ec2:AssociateAddress"], [ec2("instance/*"), ec2("network-interface/*")]),
        ...ofTheCluster,
      },
      // Session Manager. The managed policy AmazonSSMManagedInstanceCore allows reading every parameter of the account.
      // IAM checks the heartbeat against the instance's ARN (github.com/aws/amazon-ssm-agent/issues/374). Of conditions it
      // has the calling instance only, no tags (Service Authorization Reference, AWS Systems Manager).
      { ...statement("Heartbeat", ["ssm:UpdateInstanceInformation"], ec2("instance/*")), ...fromAnInstance },
      { ...statement("Control", ["ssmmessages:CreateControlChannel"], "*"), ...fromAnInstance },
      // Support neither resource-level permissions nor conditions.
      statement(
        "Sessions",
        ["CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map((action) => `ssmmessages:${action}`),
        "*",
      ),
      ...(kmsKeyArn === undefined ? [] : keyStatements(kmsKeyArn)),
      ...(task?.statements ?? []),
    ],
  };
}

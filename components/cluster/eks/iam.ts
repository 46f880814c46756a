import type * as aws from "@pulumi/aws";

const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`;

/** AWS managed policies of an Auto Mode cluster, by the suffix of their attachment's logical name. */
export const clusterPolicies = {
  cluster: managed("AmazonEKSClusterPolicy"),
  compute: managed("AmazonEKSComputePolicy"),
  "block-storage": managed("AmazonEKSBlockStoragePolicy"),
  "load-balancing": managed("AmazonEKSLoadBalancingPolicy"),
  networking: managed("AmazonEKSNetworkingPolicy"),
};

/** AWS managed policies of an Auto Mode node: join the cluster, pull images. */
export const nodePolicies = {
  worker: managed("AmazonEKSWorkerNodeMinimalPolicy"),
  images: managed("AmazonEC2ContainerRegistryPullOnly"),
};

/** EKS access policy (not an IAM policy) of Auto Mode nodes. */
export const nodeAccessPolicy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy";

function trust(service: string, actions: string[]): aws.iam.PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: actions }],
  };
}

/** Auto Mode tags its session with the cluster's name. Its policies allow only resources with that tag. */
export const clusterTrust = trust("eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]);

export const nodeTrust = trust("ec2.amazonaws.com", ["sts:AssumeRole"]);

/** Returns the permissions of the control plane on the KMS key of the Secrets. */
export function secretsKeyPolicy(keyArn: string): aws.iam.PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
        Resource: keyArn,
      },
    ],
  };
}

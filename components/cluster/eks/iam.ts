import type * as aws from "@pulumi/aws";

const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`;

/** AWS's policies of an Auto Mode cluster, by the short name of their attachment. */
export const clusterPolicies = {
  cluster: managed("AmazonEKSClusterPolicy"),
  compute: managed("AmazonEKSComputePolicy"),
  "block-storage": managed("AmazonEKSBlockStoragePolicy"),
  "load-balancing": managed("AmazonEKSLoadBalancingPolicy"),
  networking: managed("AmazonEKSNetworkingPolicy"),
};

/** AWS's policies of an Auto Mode node: join the cluster, pull images. */
export const nodePolicies = {
  worker: managed("AmazonEKSWorkerNodeMinimalPolicy"),
  images: managed("AmazonEC2ContainerRegistryPullOnly"),
};

/** Access policy (of EKS, not of IAM) under which an Auto Mode node joins. */
export const nodeAccessPolicy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy";

function trust(service: string, actions: string[]): aws.iam.PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: actions }],
  };
}

/** Auto Mode tags its session with the cluster's name; its policies only allow what carries that tag. */
export const clusterTrust = trust("eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]);

export const nodeTrust = trust("ec2.amazonaws.com", ["sts:AssumeRole"]);

/** What the control plane does with the key of the Secrets. */
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

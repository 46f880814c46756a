import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Namespace } from "../namespaces/namespace";
import type { WorkloadIdentity } from "./identity";
import { PodRole } from "./pod-role";
import type { IamPolicy } from "./policy";

/** Port of the EKS Pod Identity Agent. */
const agentPort = 80;

export interface PodIdentityArgs {
  /** An EKS cluster with the EKS Pod Identity Agent. Auto Mode has it built in. */
  clusterName: pulumi.Input<string>;
  /** AWS region of the cluster. Pods get it as AWS_REGION. */
  region: string;
  /** Namespace of the pods. */
  namespace: Pick<Namespace, "name">;
  /** Service accounts whose pods get the role. They need not exist yet. */
  serviceAccounts: string[];
  /** What the pods may do. */
  policy: pulumi.Input<IamPolicy>;
  /** Of the role. @default that of the application's pods */
  description?: string;
}

/** Returns the trust policy: EKS Pod Identity, for the service accounts of one cluster only. */
function podIdentityTrust(
  clusterName: string,
  { namespace, serviceAccounts }: Pick<PodIdentityArgs, "namespace" | "serviceAccounts">,
): aws.iam.PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        // Session tags that EKS Pod Identity sets (EKS User Guide, "Create IAM role with trust policy").
        Condition: {
          StringEquals: {
            "aws:RequestTag/eks-cluster-name": clusterName,
            "aws:RequestTag/kubernetes-namespace": namespace.name,
            "aws:RequestTag/kubernetes-service-account": serviceAccounts,
          },
        },
      },
    ],
  };
}

/** An IAM role for pods on EKS, by EKS Pod Identity. EKS adds the `AWS_CONTAINER_*` variables to new pods. */
export class PodIdentity extends PodRole implements WorkloadIdentity {
  readonly environment: Record<string, string>;
  readonly secrets = {};
  readonly version: pulumi.Output<string>;
  readonly port = agentPort;

  constructor(name: string, args: PodIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super(name, opts);
    const { clusterName, namespace, serviceAccounts, policy, description } = args;
    const trust = pulumi.output(clusterName).apply((cluster) => podIdentityTrust(cluster, args));
    const role = this.role(trust, policy, description);
    const associations = serviceAccounts.map(
      (serviceAccount) =>
        new aws.eks.PodIdentityAssociation(
          this.named(serviceAccount),
          { clusterName, namespace: namespace.name, serviceAccount, roleArn: role.arn },
          { ...this.child, dependsOn: role.permissions },
        ),
    );
    this.environment = { AWS_REGION: args.region };
    // EKS injects the variables when a pod starts, so pods wait for the associations.
    this.version = pulumi.all(associations.map(({ associationId }) => associationId)).apply((ids) => ids.join());
    this.registerOutputs({ roleArn: role.arn });
  }
}

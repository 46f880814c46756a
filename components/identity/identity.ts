import type * as pulumi from "@pulumi/pulumi";

/**
 * Link-local address at which a node serves pods the credentials of their role. SDKs accept plain HTTP from this address
 * and from few others (AWS SDKs reference, "Container credential provider"), because it never leaves the node.
 */
export const credentialsAddress = "169.254.170.23";

/** Path of the credentials, on EKS and on k3s. */
export const credentialsPath = "/v1/credentials";

/** The IAM role of the pods, as the pods see it. SDKs find it by themselves. */
export interface WorkloadIdentity {
  /** Plain variables. The user's own win. */
  environment: Record<string, string>;
  /** Secret variables. */
  secrets: Record<string, pulumi.Output<string>>;
  /** Known once pods can get credentials. A pod that started under another one has to restart. */
  version: pulumi.Output<string>;
  /** Port of the credentials at `credentialsAddress`. */
  port: number;
}

/** Variables by which SDKs find credentials. Set by the user, most would win over the role. */
export const credentialVariables = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_ROLE_ARN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
] as const;

import type { CloudFront } from "@aws-sdk/client-cloudfront";
import type { EC2 } from "@aws-sdk/client-ec2";
import type { ECR } from "@aws-sdk/client-ecr";
import type { EKS } from "@aws-sdk/client-eks";
import type { ElastiCache } from "@aws-sdk/client-elasticache";
import type { IAM } from "@aws-sdk/client-iam";
import type { KMS } from "@aws-sdk/client-kms";
import type { RDS } from "@aws-sdk/client-rds";
import type { Route53 } from "@aws-sdk/client-route-53";
import type { ServiceQuotas } from "@aws-sdk/client-service-quotas";
import type { GetCallerIdentityResponse, STS } from "@aws-sdk/client-sts";

// A warning for the developers of tierstack, who pin a version that supports this Node; not for its users.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** Milliseconds until AWS has to take a connection and to answer. Without limits, the SDK waits for ever, such as for a lost VPN. */
const requestHandler = { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true };

/** Clients of AWS. Each SDK is loaded at its first use, so that `plan` and everything offline stay fast. */
export class Aws {
  private caller: Promise<GetCallerIdentityResponse> | undefined;

  constructor(readonly region: string) {}

  ec2(): EC2 {
    const sdk = require("@aws-sdk/client-ec2") as typeof import("@aws-sdk/client-ec2");
    return new sdk.EC2(this.options());
  }

  quotas(): ServiceQuotas {
    const sdk = require("@aws-sdk/client-service-quotas") as typeof import("@aws-sdk/client-service-quotas");
    return new sdk.ServiceQuotas(this.options());
  }

  route53(): Route53 {
    const sdk = require("@aws-sdk/client-route-53") as typeof import("@aws-sdk/client-route-53");
    return new sdk.Route53(this.options());
  }

  /** @param region  @default the stack's */
  rds(region = this.region): RDS {
    const sdk = require("@aws-sdk/client-rds") as typeof import("@aws-sdk/client-rds");
    return new sdk.RDS({ ...this.options(), region });
  }

  elastiCache(): ElastiCache {
    const sdk = require("@aws-sdk/client-elasticache") as typeof import("@aws-sdk/client-elasticache");
    return new sdk.ElastiCache(this.options());
  }

  eks(): EKS {
    const sdk = require("@aws-sdk/client-eks") as typeof import("@aws-sdk/client-eks");
    return new sdk.EKS(this.options());
  }

  iam(): IAM {
    const sdk = require("@aws-sdk/client-iam") as typeof import("@aws-sdk/client-iam");
    return new sdk.IAM(this.options());
  }

  kms(): KMS {
    const sdk = require("@aws-sdk/client-kms") as typeof import("@aws-sdk/client-kms");
    return new sdk.KMS(this.options());
  }

  /** @param region  that of the registry */
  ecr(region: string): ECR {
    const sdk = require("@aws-sdk/client-ecr") as typeof import("@aws-sdk/client-ecr");
    return new sdk.ECR({ ...this.options(), region });
  }

  cloudFront(): CloudFront {
    const sdk = require("@aws-sdk/client-cloudfront") as typeof import("@aws-sdk/client-cloudfront");
    return new sdk.CloudFront(this.options());
  }

  /** Returns who is signed in. Asked once: without credentials, the SDK looks for them for seconds. */
  identity(): Promise<GetCallerIdentityResponse> {
    this.caller ??= this.sts().getCallerIdentity({});
    return this.caller;
  }

  private sts(): STS {
    const sdk = require("@aws-sdk/client-sts") as typeof import("@aws-sdk/client-sts");
    return new sdk.STS(this.options());
  }

  private options() {
    return { region: this.region, maxAttempts: 2, requestHandler };
  }
}

/** A service gave no answer. The message says which and why, in a line. */
export class Unanswered extends Error {}

/**
 * Why a query to AWS, DNS or a registry had no answer, in a line; undefined for a defect of the program.
 */
export function unansweredBecause(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof Unanswered) return error.message;
  const { name, message, code } = error as NodeJS.ErrnoException;
  if (name === "CredentialsProviderError") return "no AWS credentials; check with aws sts get-caller-identity";
  // The SDK marks each error of a service so; a system error has a code.
  if (!("$metadata" in error) && code === undefined) return undefined;
  return `${name === "Error" ? code : name}: ${message.split("\n")[0]}`;
}

/** Every page of a list. */
export async function pages<T>(
  ask: (token: string | undefined) => Promise<{ items: T[]; next: string | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const { items, next } = await ask(token);
    all.push(...items);
    token = next;
  } while (token);
  return all;
}

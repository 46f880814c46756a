import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../../support/component";
import { holdsDataForGood, type Removable, retainedData } from "../../support/data";
import { prefixes } from "./prefixes";
import { baseDays, dumpDays, oldVersionDays, walDays } from "./retention";

export interface PostgresDumpsArgs extends Removable {
  /** KMS key of new dumps. @default the key of S3 */
  kmsKeyArn?: string | undefined;
}

/**
 * S3 bucket for the backups of the in-cluster Postgres: private, encrypted, versioned, TLS only. The bucket outlives
 * the stack, and so do its settings: it stays private, and its dumps still expire.
 */
export class PostgresDumps extends Component {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  private readonly bucket: aws.s3.Bucket;
  /** Options of the bucket's settings. */
  private readonly settings: pulumi.CustomResourceOptions;

  constructor(name: string, { removable, kmsKeyArn }: PostgresDumpsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("postgres:Dumps", name, opts);
    this.bucket = new aws.s3.Bucket(this.named("bucket"), {}, { ...this.child, ...holdsDataForGood(removable) });
    this.settings = { ...this.child, ...retainedData };
    this.name = this.bucket.bucket;
    this.arn = this.bucket.arn;
    this.requireTls(this.blockPublicAccess());
    this.encrypt(kmsKeyArn);
    this.expireDumps(this.enableVersioning());
    this.registerOutputs({ name: this.name, arn: this.arn });
  }

  private blockPublicAccess(): aws.s3.BucketPublicAccessBlock {
    new aws.s3.BucketOwnershipControls(
      this.named("ownership"),
      { bucket: this.name, rule: { objectOwnership: "BucketOwnerEnforced" } },
      this.settings,
    );
    return new aws.s3.BucketPublicAccessBlock(
      this.named("privacy"),
      {
        bucket: this.name,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      this.settings,
    );
  }

  private encrypt(kmsKeyArn: string | undefined): void {
    new aws.s3.BucketServerSideEncryptionConfiguration(
      this.named("encryption"),
      {
        bucket: this.name,
        rules: [
          kmsKeyArn === undefined
            ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
            : {
                applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
                // One request to KMS for many objects.
                bucketKeyEnabled: true,
              },
        ],
      },
      this.settings,
    );
  }

  private enableVersioning(): aws.s3.BucketVersioning {
    return new aws.s3.BucketVersioning(
      this.named("versioning"),
      { bucket: this.name, versioningConfiguration: { status: "Enabled" } },
      this.settings,
    );
  }

  private expireDumps(versioning: aws.s3.BucketVersioning): void {
    new aws.s3.BucketLifecycleConfiguration(
      this.named("lifecycle"),
      { bucket: this.name, rules: lifecycleRules() },
      { ...this.settings, dependsOn: versioning },
    );
  }

  /** Depends on the public access block: S3 rejects concurrent changes to a bucket's access settings. */
  private requireTls(publicAccessBlock: aws.s3.BucketPublicAccessBlock): void {
    new aws.s3.BucketPolicy(
      this.named("policy"),
      { bucket: this.name, policy: this.arn.apply((arn) => JSON.stringify(tlsOnlyPolicy(arn))) },
      { ...this.settings, dependsOn: publicAccessBlock },
    );
  }
}

/** Returns the rules that expire backups, their noncurrent versions and incomplete uploads. */
function lifecycleRules(): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
  const expire = (id: string, prefix: string, days: number) => ({
    id,
    status: "Enabled",
    filter: { prefix },
    expiration: { days },
  });
  return [
    {
      ...expire("expire", "", dumpDays),
      noncurrentVersionExpiration: { noncurrentDays: oldVersionDays },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    },
    // Of two rules for an object, the shorter time holds (Amazon S3 User Guide, "Lifecycle configuration conflicts").
    expire("expire-base", `${prefixes.base}/`, baseDays),
    expire("expire-wal", `${prefixes.wal}/`, walDays),
  ];
}

/** Returns a bucket policy that denies every request without TLS. */
function tlsOnlyPolicy(bucketArn: string) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, `${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}

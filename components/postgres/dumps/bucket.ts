import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../../support/component";
import { holdsData } from "../../support/data";

/** Days a nightly dump is kept. */
const dumpDays = 30;
/** Days an overwritten or deleted dump can still be brought back. */
const oldVersionDays = 7;

/** Bucket of the in-cluster Postgres's nightly dumps: private, encrypted, TLS only, with old versions for a while. */
export class PostgresDumps extends Component {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  private readonly bucket: aws.s3.Bucket;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("postgres:Dumps", name, opts);
    this.bucket = new aws.s3.Bucket(this.named("bucket"), {}, { ...this.child, ...holdsData });
    this.name = this.bucket.bucket;
    this.arn = this.bucket.arn;
    const privacy = this.closed();
    this.tlsOnly(privacy);
    this.encrypted();
    this.expiring(this.versioned());
    this.registerOutputs({ name: this.name, arn: this.arn });
  }

  private closed(): aws.s3.BucketPublicAccessBlock {
    new aws.s3.BucketOwnershipControls(
      this.named("ownership"),
      { bucket: this.name, rule: { objectOwnership: "BucketOwnerEnforced" } },
      this.child,
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
      this.child,
    );
  }

  private encrypted(): void {
    new aws.s3.BucketServerSideEncryptionConfiguration(
      this.named("encryption"),
      { bucket: this.name, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      this.child,
    );
  }

  private versioned(): aws.s3.BucketVersioning {
    return new aws.s3.BucketVersioning(
      this.named("versioning"),
      { bucket: this.name, versioningConfiguration: { status: "Enabled" } },
      this.child,
    );
  }

  private expiring(versioning: aws.s3.BucketVersioning): void {
    new aws.s3.BucketLifecycleConfiguration(
      this.named("lifecycle"),
      { bucket: this.name, rules: lifecycleRules() },
      { ...this.child, dependsOn: versioning },
    );
  }

  /** S3 takes one change of a bucket's access at a time. */
  private tlsOnly(privacy: aws.s3.BucketPublicAccessBlock): void {
    new aws.s3.BucketPolicy(
      this.named("policy"),
      { bucket: this.name, policy: this.arn.apply((arn) => JSON.stringify(tlsOnlyPolicy(arn))) },
      { ...this.child, dependsOn: privacy },
    );
  }
}

/** Dumps end after a month, their old versions after a week, and uploads that never finished after a day. */
export function lifecycleRules(): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
  return [
    {
      id: "expire",
      status: "Enabled",
      filter: { prefix: "" },
      expiration: { days: dumpDays },
      noncurrentVersionExpiration: { noncurrentDays: oldVersionDays },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    },
  ];
}

/** Nobody, whatever else allows it, reaches the bucket without TLS. */
export function tlsOnlyPolicy(bucketArn: string) {
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

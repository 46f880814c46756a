import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../support/component";
import type { Watched } from "../support/watched";
import { globalRegion } from "./waf";

export interface CertificatesArgs {
  /** Domain name of the certificates. A change replaces them. */
  domain: string;
  /** Route 53 hosted zone of the domain. */
  hostedZoneId: string;
}

/** Certificates of the product's domain, validated by a DNS record. AWS renews them as long as the record exists. */
export class Certificates extends Component {
  /** ARN of CloudFront's certificate, known once it is issued. */
  readonly viewerArn: pulumi.Output<string>;
  /** What AWS has metrics of: the certificates made so far. */
  readonly watched: Watched[] = [];
  private readonly record: aws.route53.Record;

  constructor(
    name: string,
    private readonly args: CertificatesArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("edge:Certificates", name, opts);
    const viewer = this.certificate("viewer", globalRegion);
    this.record = this.validationRecord(viewer);
    this.viewerArn = this.issued("viewer", viewer, globalRegion);
    this.registerOutputs({ viewerArn: this.viewerArn });
  }

  private certificate(name: string, region: string): aws.acm.Certificate {
    const { domain } = this.args;
    const certificate = new aws.acm.Certificate(
      this.named(name),
      { domainName: domain, validationMethod: "DNS", region },
      this.child,
    );
    this.watched.push({ kind: "certificate", name, dimensions: { CertificateArn: certificate.arn }, region });
    return certificate;
  }

  /** One record for all certificates: ACM requests the same one for a domain in every region. */
  private validationRecord(certificate: aws.acm.Certificate): aws.route53.Record {
    const option = certificate.domainValidationOptions.apply((options) => {
      const [first] = options;
      if (!first) throw new Error("ACM returned no DNS record to validate the certificate");
      return first;
    });
    return new aws.route53.Record(
      this.named("validation-record"),
      {
        zoneId: this.args.hostedZoneId,
        name: option.resourceRecordName,
        type: option.resourceRecordType,
        records: [option.resourceRecordValue],
        ttl: 300,
        // Another stack with this domain, or a manually created certificate, needs the same record.
        allowOverwrite: true,
      },
      this.child,
    );
  }

  /** Returns the ARN of the certificate for a load balancer in a region, known once it is issued. Outside us-east-1, it
   * creates a second certificate. */
  inRegion(region: string): pulumi.Output<string> {
    if (region === globalRegion) return this.viewerArn;
    return this.issued("regional", this.certificate("regional", region), region);
  }

  private issued(name: string, certificate: aws.acm.Certificate, region: string): pulumi.Output<string> {
    return new aws.acm.CertificateValidation(
      this.named(`${name}-validation`),
      { certificateArn: certificate.arn, validationRecordFqdns: [this.record.fqdn], region },
      this.child,
    ).certificateArn;
  }
}

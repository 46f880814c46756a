import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../support/component";
import { globalRegion } from "./waf";

export interface CertificatesArgs {
  /** Name that the certificates are for. A change replaces them. */
  domain: string;
  /** Route 53 hosted zone of the domain. */
  hostedZoneId: string;
}

/** The certificates of the product's domain, proven by a DNS record and renewed by AWS as long as that record stands. */
export class Certificates extends Component {
  /** For CloudFront; known once the certificate is issued. */
  readonly viewerArn: pulumi.Output<string>;
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
    return new aws.acm.Certificate(
      this.named(name),
      { domainName: domain, validationMethod: "DNS", region },
      this.child,
    );
  }

  /** One name, so one record; ACM asks for the same one in every region. */
  private validationRecord(certificate: aws.acm.Certificate): aws.route53.Record {
    const option = certificate.domainValidationOptions.apply((options) => {
      const [only] = options;
      if (!only) throw new Error("ACM answered no record to validate the certificate by");
      return only;
    });
    return new aws.route53.Record(
      this.named("validation-record"),
      {
        zoneId: this.args.hostedZoneId,
        name: option.resourceRecordName,
        type: option.resourceRecordType,
        records: [option.resourceRecordValue],
        ttl: 300,
        // Another stack with the same name, or a certificate made by hand, asked for the very same record.
        allowOverwrite: true,
      },
      this.child,
    );
  }

  /** ARN of the certificate for a load balancer in a region; known once it is issued. */
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

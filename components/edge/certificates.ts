import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../support/component";
import { globalRegion } from "./waf";

export interface CertificatesArgs {
  /** Name that the certificates are for. A change replaces them. */
  domain: string;
  /** Route 53 hosted zone of the domain. */
  hostedZoneId: string;
  /** Region of the stack. */
  region: string;
  /** Whether a load balancer in `region` needs a certificate too. */
  regional: boolean;
}

/** The certificates of the product's domain, proven by a DNS record and renewed by AWS as long as that record stands. */
export class Certificates extends Component {
  /** For CloudFront; known once the certificate is issued. */
  readonly viewerArn: pulumi.Output<string>;
  /** For a load balancer in the stack's region; undefined where none was asked for. */
  readonly regionalArn: pulumi.Output<string> | undefined;

  constructor(
    name: string,
    private readonly args: CertificatesArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("edge:Certificates", name, opts);
    const viewer = this.certificate("viewer", globalRegion);
    const record = this.validationRecord(viewer);
    this.viewerArn = this.issued("viewer", viewer, record, globalRegion);
    this.regionalArn = args.regional ? this.regional(record) : undefined;
    this.registerOutputs({ viewerArn: this.viewerArn, regionalArn: this.regionalArn });
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

  private regional(record: aws.route53.Record): pulumi.Output<string> {
    const { region } = this.args;
    if (region === globalRegion) return this.viewerArn;
    return this.issued("regional", this.certificate("regional", region), record, region);
  }

  private issued(
    name: string,
    certificate: aws.acm.Certificate,
    record: aws.route53.Record,
    region: string,
  ): pulumi.Output<string> {
    return new aws.acm.CertificateValidation(
      this.named(`${name}-validation`),
      { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn], region },
      this.child,
    ).certificateArn;
  }
}

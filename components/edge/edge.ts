import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../support/component";
import { maintenancePage, retryAfterSeconds } from "../support/maintenance";
import type { Watched } from "../support/watched";
import { type CacheClassName, cacheClasses, cacheControlOf, type SharedClassName } from "./behaviours";
import { cachePolicy, responseHeaders } from "./cache-policies";
import {
  customErrorResponses,
  defaultBehaviour,
  orderedBehaviours,
  type Parts,
  viewerCertificate,
} from "./distribution";
import { cacheControlFunction, functionRuntime, maintenanceFunction } from "./functions";
import { EdgeLogs } from "./logs";
import {
  type LoadBalancerOrigin,
  loadBalancerOrigin,
  nodeOrigins,
  type Origin,
  vpcOrigin,
  vpcOriginName,
} from "./origins";
import { aclMetric, globalRegion, webAcl } from "./waf";

export type { Origin } from "./origins";

/** Names of the classes in logical names. These are part of URNs and never change. */
const logicalNames = { pages: "pages", hourly: "reference", static: "static" } satisfies Record<CacheClassName, string>;

/** The product's own domain. */
export interface EdgeDomain {
  /** Domain name of the product. */
  name: string;
  /** Route 53 hosted zone of the domain. */
  hostedZoneId: string;
  /** Issued ACM certificate of the domain, in us-east-1. */
  certificateArn: pulumi.Input<string>;
}

export interface EdgeArgs {
  /** Origin of the requests that no cache serves. A change from one kind to the other keeps the distribution. */
  origin: Origin;
  /** Domain of the product. @default CloudFront's domain name and certificate */
  domain?: EdgeDomain;
  /** Whether to attach a web ACL with the rate rule. It costs 8 USD a month and 0.60 USD per million requests. */
  waf: boolean;
  /**
   * Whether to log every request, without cookies and queries, for 30 days. It costs about 0.30 USD per million requests.
   * What the web ACL blocks is always logged. @default false
   */
  requestLog?: boolean;
  /** Whether to return 503 to everything except `healthPath`. */
  maintenance: boolean;
  /** Path that always reaches the origin: never cached, and served during maintenance. */
  healthPath: string;
}

/**
 * CloudFront in front of the application. Every tier uses the same distribution: changes of its origin, domain and web
 * ACL are updates in place.
 */
export class Edge extends Component {
  /** URL of the product. */
  readonly url: pulumi.Output<string>;
  /** CloudFront's domain name of the distribution. */
  readonly domainName: pulumi.Output<string>;
  /** What AWS has metrics of, in us-east-1: the distribution. */
  readonly watched: Watched[];

  constructor(
    name: string,
    private readonly args: EdgeArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("edge:Edge", name, opts);
    const { domain, requestLog: requests = false } = args;
    const acl = this.webAcl();
    const distribution = this.distribution(this.parts(), this.origins(), acl);
    if (domain) this.records(domain, distribution);
    if (acl || requests) new EdgeLogs(this, { distributionArn: distribution.arn, aclArn: acl?.arn, requests });
    this.domainName = distribution.domainName;
    this.watched = [
      { kind: "edge", dimensions: { DistributionId: distribution.id, Region: "Global" }, region: globalRegion },
    ];
    this.url = pulumi.interpolate`https://${domain?.name ?? distribution.domainName}`;
    this.registerOutputs({ url: this.url, domainName: this.domainName });
  }

  private parts(): Parts {
    const { maintenance, healthPath } = this.args;
    const page = { healthPath, page: maintenancePage(), retryAfterSeconds };
    return {
      cachePolicies: {
        pages: this.cachePolicy("pages"),
        hourly: this.cachePolicy("hourly"),
        static: this.cachePolicy("static"),
      },
      headers: { shared: this.headers("shared-headers", true), default: this.headers("headers", false) },
      cacheControl: {
        hourly: this.cacheControl("hourly"),
        static: this.cacheControl("static"),
      },
      maintenance: maintenance ? this.function("maintenance", maintenanceFunction(page)) : undefined,
    };
  }

  private cachePolicy(cache: CacheClassName): pulumi.Output<string> {
    return new aws.cloudfront.CachePolicy(this.named(logicalNames[cache]), cachePolicy(cacheClasses[cache]), this.child)
      .id;
  }

  private headers(name: string, shared: boolean): pulumi.Output<string> {
    const policy = responseHeaders({ shared, ownDomain: this.args.domain !== undefined });
    return new aws.cloudfront.ResponseHeadersPolicy(this.named(name), policy, this.child).id;
  }

  private cacheControl(cache: SharedClassName): pulumi.Output<string> {
    return this.function(`${logicalNames[cache]}-cache-control`, cacheControlFunction(cacheControlOf(cache)));
  }

  private function(name: string, code: string): pulumi.Output<string> {
    return new aws.cloudfront.Function(this.named(name), { runtime: functionRuntime, code, publish: true }, this.child)
      .arn;
  }

  private origins(): aws.types.input.cloudfront.DistributionOrigin[] {
    const { origin } = this.args;
    if (origin.kind === "node") return nodeOrigins(origin);
    return [loadBalancerOrigin(origin.domainName, this.vpcOrigin(origin).id)];
  }

  private vpcOrigin({ arn }: LoadBalancerOrigin): aws.cloudfront.VpcOrigin {
    const endpoint = vpcOrigin(arn, pulumi.output(arn).apply(vpcOriginName));
    return new aws.cloudfront.VpcOrigin(
      this.named("vpc-origin"),
      { vpcOriginEndpointConfig: endpoint },
      // AWS refuses to update a VPC origin that a distribution uses, so a new one is created first.
      { ...this.child, replaceOnChanges: ["vpcOriginEndpointConfig"] },
    );
  }

  private webAcl(): aws.wafv2.WebAcl | undefined {
    if (!this.args.waf) return undefined;
    const metricName = aclMetric(pulumi.getProject(), pulumi.getStack());
    return new aws.wafv2.WebAcl(this.named("web-acl"), webAcl(metricName), this.child);
  }

  private distribution(
    parts: Parts,
    origins: aws.types.input.cloudfront.DistributionOrigin[],
    acl: aws.wafv2.WebAcl | undefined,
  ): aws.cloudfront.Distribution {
    const { origin, domain, healthPath } = this.args;
    const acmeChallenge = origin.kind === "node" && origin.https;
    return new aws.cloudfront.Distribution(
      this.named("distribution"),
      {
        enabled: true,
        httpVersion: "http2and3",
        isIpv6Enabled: true,
        priceClass: "PriceClass_100",
        ...(domain && { aliases: [domain.name] }),
        viewerCertificate: viewerCertificate(domain?.certificateArn),
        ...(acl && { webAclId: acl.arn }),
        origins,
        orderedCacheBehaviors: orderedBehaviours(parts, { healthPath, acmeChallenge }),
        defaultCacheBehavior: defaultBehaviour(parts),
        customErrorResponses,
        restrictions: { geoRestriction: { restrictionType: "none" } },
      },
      this.child,
    );
  }

  private records({ name, hostedZoneId }: EdgeDomain, distribution: aws.cloudfront.Distribution): void {
    const alias = { name: distribution.domainName, zoneId: distribution.hostedZoneId, evaluateTargetHealth: false };
    for (const type of ["A", "AAAA"]) {
      new aws.route53.Record(
        this.named(`record-${type.toLowerCase()}`),
        { zoneId: hostedZoneId, name, type, aliases: [alias] },
        this.child,
      );
    }
  }
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Component } from "../support/component";
import { logRetentionDays } from "../support/logs";
import { uniqueName } from "../support/unique-name";
import { globalRegion } from "./waf";

/**
 * Fields of a request in the request log: who asked for what, and what happened. None that may hold a secret: cookies,
 * the query (links that reset a password) and the referrer, which has the query of another page. `Authorization` is not
 * offered.
 */
export const requestFields = [
  "date",
  "time",
  "c-ip",
  "cs-method",
  "x-host-header",
  "cs-uri-stem",
  "sc-status",
  "sc-bytes",
  "time-taken",
  "x-edge-result-type",
  "x-edge-request-id",
  "cs(User-Agent)",
] as const;

/** Headers that WAF does not log. */
const secretHeaders = ["authorization", "cookie", "proxy-authorization", "referer", "x-api-key", "x-csrf-token"];

const keep = (action: string) => ({ actionCondition: { action } });

/**
 * Returns what is logged of the web ACL: requests that a rule blocked or counted. A log of every request would cost as
 * much as the request log, and say less.
 */
export function aclLogging(aclArn: pulumi.Input<string>, groupArn: pulumi.Input<string>) {
  return {
    region: globalRegion,
    resourceArn: aclArn,
    logDestinationConfigs: [groupArn],
    loggingFilter: {
      defaultBehavior: "DROP",
      filters: [{ behavior: "KEEP", requirement: "MEETS_ANY", conditions: [keep("BLOCK"), keep("COUNT")] }],
    },
    redactedFields: [{ queryString: {} }, ...secretHeaders.map((name) => ({ singleHeader: { name } }))],
  } satisfies aws.wafv2.WebAclLoggingConfigurationArgs;
}

export interface EdgeLogsArgs {
  distributionArn: pulumi.Input<string>;
  /** Undefined without a web ACL. */
  aclArn: pulumi.Input<string> | undefined;
  /** Whether to log every request. */
  requests: boolean;
}

/**
 * Logs of the edge, in CloudFront's region: what the web ACL blocked, and the requests. AWS gives its log service the right
 * to write to the groups itself (CloudWatch Logs User Guide, "Logs sent to CloudWatch Logs"). A policy of the stack's would
 * be one of ten in the region, and a second one of WAF's group fails (terraform-provider-aws#47111).
 */
export class EdgeLogs {
  private readonly name: pulumi.Output<string>;

  /** The logs are children of `edge`, which has at least one of them. */
  constructor(
    private readonly edge: Component,
    { distributionArn, aclArn, requests }: EdgeLogsArgs,
  ) {
    this.name = uniqueName(edge, { child: "logs", suffix: "logs-suffix", maxLength: 100 });
    if (aclArn) this.logAcl(aclArn, this.group("blocked", pulumi.interpolate`aws-waf-logs-${this.name}`));
    if (requests) this.deliver(distributionArn, this.group("requests", pulumi.interpolate`${this.name}-requests`));
  }

  private logAcl(aclArn: pulumi.Input<string>, group: aws.cloudwatch.LogGroup): void {
    new aws.wafv2.WebAclLoggingConfiguration(
      this.edge.named("web-acl-logs"),
      aclLogging(aclArn, group.arn),
      this.edge.child,
    );
  }

  private group(child: string, name: pulumi.Output<string>): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
      this.edge.named(`${child}-log`),
      { region: globalRegion, name, retentionInDays: logRetentionDays },
      this.edge.child,
    );
  }

  /** Standard logging (v2) of CloudFront: a source, a destination and the delivery between them. */
  private deliver(resourceArn: pulumi.Input<string>, group: aws.cloudwatch.LogGroup): void {
    const region = globalRegion;
    const source = new aws.cloudwatch.LogDeliverySource(
      this.edge.named("requests-source"),
      { region, logType: "ACCESS_LOGS", resourceArn },
      this.edge.child,
    );
    const destination = new aws.cloudwatch.LogDeliveryDestination(
      this.edge.named("requests-destination"),
      { region, outputFormat: "json", deliveryDestinationConfiguration: { destinationResourceArn: group.arn } },
      this.edge.child,
    );
    new aws.cloudwatch.LogDelivery(
      this.edge.named("requests-delivery"),
      {
        region,
        deliverySourceName: source.name,
        deliveryDestinationArn: destination.arn,
        recordFields: [...requestFields],
      },
      {
        ...this.edge.child,
        // AWS refuses other fields for a delivery to CloudWatch Logs that exists (terraform-provider-aws#46108).
        replaceOnChanges: ["recordFields"],
        deleteBeforeReplace: true,
      },
    );
  }
}

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

/** Returns the policy by which the log service of this account, and no other, writes to a group. */
export function deliveryPolicy(groupArn: string): aws.iam.PolicyDocument {
  // arn:aws:logs:REGION:ACCOUNT:log-group:NAME
  const account = groupArn.split(":")[4] ?? "";
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "delivery.logs.amazonaws.com" },
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${groupArn}:log-stream:*`,
        Condition: {
          StringEquals: { "aws:SourceAccount": account },
          ArnLike: { "aws:SourceArn": `arn:aws:logs:${globalRegion}:${account}:*` },
        },
      },
    ],
  };
}

export interface EdgeLogsArgs {
  distributionArn: pulumi.Input<string>;
  /** Undefined without a web ACL. */
  aclArn: pulumi.Input<string> | undefined;
  /** Whether to log every request. */
  requests: boolean;
}

/** Logs of the edge, in CloudFront's region: what the web ACL blocked, and the requests. */
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

  /**
   * WAF gives itself the right to write to the group. A second policy of the group would fail (terraform-provider-aws#47111).
   */
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

  /** The policy belongs to the group: of policies for the whole account, a region takes ten. */
  private policy({ arn }: aws.cloudwatch.LogGroup): aws.cloudwatch.LogResourcePolicy {
    return new aws.cloudwatch.LogResourcePolicy(
      this.edge.named("requests-policy"),
      { region: globalRegion, resourceArn: arn, policyDocument: pulumi.jsonStringify(arn.apply(deliveryPolicy)) },
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
        dependsOn: this.policy(group),
        // AWS refuses other fields for a delivery to CloudWatch Logs that exists (terraform-provider-aws#46108).
        replaceOnChanges: ["recordFields"],
        deleteBeforeReplace: true,
      },
    );
  }
}

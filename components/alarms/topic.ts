import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Component } from "../support/component";

/** Services that publish: alarms, budgets, cost anomalies. */
const publishers = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com", "costalerts.amazonaws.com"];

/** Who may publish to a topic: the services, and only for this account. */
export const topicPolicy = ({ arn, account }: { arn: string; account: string }) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "ServicesOfThisAccount",
      Effect: "Allow",
      Principal: { Service: publishers },
      Action: "sns:Publish",
      Resource: arn,
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    },
  ],
});

export interface TopicArgs {
  /** Part of the logical names, which are part of URNs and never change. */
  child: string;
  /** Address that gets a mail for each message, once it has confirmed. */
  email: string;
  /** @default the stack's region */
  region?: string | undefined;
}

/**
 * Creates a topic that mails what AWS has to say. It has the disk encryption of SNS and no key: CloudWatch cannot use the
 * key that AWS manages, and one of the stack's own costs 1 USD a month and region, which MVP does not have
 * (docs/adr/0023-alarms-of-aws.md). Returns its ARN, known once AWS may publish to it.
 */
export function mailTopic(alarms: Component, { child, email, region }: TopicArgs): pulumi.Output<string> {
  const here = region === undefined ? {} : { region };
  const topic = new aws.sns.Topic(
    alarms.named(child),
    // The mails come from this name.
    { ...here, displayName: `${pulumi.getProject()} ${pulumi.getStack()}`.slice(0, 100) },
    alarms.child,
  );
  new aws.sns.TopicSubscription(
    alarms.named(`${child}-mail`),
    { ...here, topic: topic.arn, protocol: "email", endpoint: email },
    alarms.child,
  );
  const policy = new aws.sns.TopicPolicy(
    alarms.named(`${child}-policy`),
    {
      ...here,
      arn: topic.arn,
      policy: pulumi.jsonStringify(pulumi.output({ arn: topic.arn, account: topic.owner }).apply(topicPolicy)),
    },
    alarms.child,
  );
  return pulumi.all([topic.arn, policy.id]).apply(([arn]) => arn);
}

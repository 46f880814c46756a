import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { IamStatement } from "../identity/policy";
import { Component } from "../support/component";
import type { Watched } from "../support/watched";

/** What the role of Alertmanager's pod may do: publish to this topic. */
const publishTo = (topicArn: string): IamStatement => ({
  Sid: "Heartbeat",
  Effect: "Allow",
  Action: "sns:Publish",
  Resource: topicArn,
});

/**
 * The dead man's switch, where the pod of Alertmanager can have a role: a topic without subscribers, to which it publishes
 * while alerts are evaluated and sent. The alarm of its kind fires when the messages stay away.
 */
export class Heartbeat extends Component {
  readonly topicArn: pulumi.Output<string>;
  readonly region: string;
  /** What the pod's role must allow. */
  readonly statement: pulumi.Output<IamStatement>;
  readonly watched: Watched;

  constructor(name: string, { region }: { region: string }, opts?: pulumi.ComponentResourceOptions) {
    super("alarms:Heartbeat", name, opts);
    const topic = new aws.sns.Topic(this.named("topic"), {}, this.child);
    this.topicArn = topic.arn;
    this.region = region;
    this.statement = topic.arn.apply(publishTo);
    this.watched = { kind: "heartbeat", dimensions: { TopicName: topic.name } };
    this.registerOutputs({});
  }
}

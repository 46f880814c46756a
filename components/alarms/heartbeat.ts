import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { PodIdentity, type PodIdentityArgs } from "../identity/pod-identity";
import type { IamPolicy } from "../identity/policy";
import { Component } from "../support/component";
import type { Watched } from "../support/watched";

/** What the role of Alertmanager's pod may do: publish to this topic. */
const publishTo = (topicArn: string): IamPolicy => ({
  Version: "2012-10-17",
  Statement: [{ Sid: "Heartbeat", Effect: "Allow", Action: "sns:Publish", Resource: topicArn }],
});

/**
 * The dead man's switch on EKS: a topic without subscribers, to which Alertmanager publishes while alerts are evaluated and
 * sent, with the role by which it may. The alarm of its kind fires when the messages stay away.
 */
export class Heartbeat extends Component {
  readonly topicArn: pulumi.Output<string>;
  readonly region: string;
  /** Known once the pod can get credentials. A pod that started before has to restart. */
  readonly version: pulumi.Output<string>;
  /** Port of the credentials at `credentialsAddress`. */
  readonly credentialsPort: number;
  readonly watched: Watched;

  constructor(name: string, args: Omit<PodIdentityArgs, "policy">, opts?: pulumi.ComponentResourceOptions) {
    super("alarms:Heartbeat", name, opts);
    const topic = new aws.sns.Topic(this.named("topic"), {}, this.child);
    const policy = topic.arn.apply(publishTo);
    const identity = new PodIdentity(
      this.named("identity"),
      { ...args, policy, description: "The heartbeat of Alertmanager" },
      this.child,
    );
    this.topicArn = topic.arn;
    this.region = args.region;
    this.version = identity.version;
    this.credentialsPort = identity.port;
    this.watched = { kind: "heartbeat", dimensions: { TopicName: topic.name } };
    this.registerOutputs({});
  }
}

import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../support/component";
import type { Watched } from "../support/watched";
import { type CostAnomalies, costAnomalies } from "./anomalies";
import { type MonthlyLimit, monthlyBudget } from "./budget";
import { conditionArgs, descriptionOf, labelOf } from "./metric-alarm";
import type { AlarmRule } from "./rule";
import { alarmRules } from "./rules";
import { mailTopic } from "./topic";

export interface AlarmsArgs {
  /** Address that gets a mail when something is wrong, and when it is over. A change asks the new one to confirm. */
  email: string;
  /** Region of the stack. */
  region: string;
  /** What to watch. */
  watched: Watched[];
  /** What the account may cost a month. @default no budget */
  limit?: MonthlyLimit;
  /** Cost anomalies that are mailed. @default none */
  anomalies?: CostAnomalies;
}

/**
 * What AWS itself watches, whatever runs in the cluster: alarms of CloudWatch and the month's cost, with a mail for each. An alarm and its topic
 * are in one region, so metrics in another one, such as CloudFront's, have a topic there.
 */
export class Alarms extends Component {
  constructor(
    name: string,
    private readonly args: AlarmsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("alarms:Alarms", name, opts);
    const { email, watched, limit, anomalies } = args;
    const topic = mailTopic(this, { child: "topic", email });
    const elsewhere = [...new Set(watched.flatMap((one) => this.regionOf(one) ?? []))].sort();
    const topics = new Map(
      elsewhere.map((region) => [region, mailTopic(this, { child: `topic-${region}`, email, region })]),
    );
    for (const one of watched)
      for (const rule of alarmRules[one.kind])
        if (rule.when?.(one) ?? true) this.alarm(rule, one, topics.get(this.regionOf(one) ?? "") ?? topic);
    if (limit) monthlyBudget(this, limit, topic);
    if (anomalies) costAnomalies(this, anomalies, topic);
    this.registerOutputs({});
  }

  /** The region of what is watched; undefined for the stack's. */
  private regionOf({ region }: Watched): string | undefined {
    return region === this.args.region ? undefined : region;
  }

  private alarm(rule: AlarmRule, watched: Watched, topicArn: pulumi.Output<string>): aws.cloudwatch.MetricAlarm {
    const label = labelOf(rule, watched);
    const region = this.regionOf(watched);
    return new aws.cloudwatch.MetricAlarm(
      this.named(label),
      {
        ...(region !== undefined && { region }),
        alarmDescription: descriptionOf(rule),
        ...conditionArgs(rule, watched),
        alarmActions: [topicArn],
        okActions: [topicArn],
      },
      { ...this.child, ...(watched.after && { dependsOn: watched.after }) },
    );
  }
}

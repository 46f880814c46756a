import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../support/component";

export interface CostAnomalies {
  /** `new` where the account has no monitor of its services yet, else the ARN of the one that it has. */
  monitor: string;
  /** What a month may cost, in USD. */
  limitUsd: number;
}

/** Share of the limit, in percent, from which an anomaly is mailed, and the least in USD. */
const anomaly = { percent: 10, leastUsd: 1 };

/** The least impact of an anomaly that is mailed, in USD. */
export const anomalyUsd = ({ limitUsd }: Pick<CostAnomalies, "limitUsd">): number =>
  Math.max(anomaly.leastUsd, Math.round((limitUsd * anomaly.percent) / 100));

/**
 * Mails what the account's monitor of its services finds. An account has one such monitor, and AWS gives new accounts
 * theirs.
 */
export function costAnomalies(alarms: Component, anomalies: CostAnomalies, topic: pulumi.Output<string>): void {
  const { monitor } = anomalies;
  const arn = monitor === "new" ? serviceMonitor(alarms) : monitor;
  new aws.costexplorer.AnomalySubscription(
    alarms.named("anomalies"),
    {
      frequency: "IMMEDIATE",
      monitorArnLists: [arn],
      subscribers: [{ type: "SNS", address: topic }],
      thresholdExpression: {
        dimension: {
          key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
          matchOptions: ["GREATER_THAN_OR_EQUAL"],
          values: [String(anomalyUsd(anomalies))],
        },
      },
    },
    alarms.child,
  );
}

const serviceMonitor = (alarms: Component): pulumi.Output<string> =>
  new aws.costexplorer.AnomalyMonitor(
    alarms.named("anomaly-monitor"),
    { monitorType: "DIMENSIONAL", monitorDimension: "SERVICE" },
    alarms.child,
  ).arn;

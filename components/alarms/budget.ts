import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../support/component";

/** What the account may cost a month. */
export interface MonthlyLimit {
  usd: number;
  /** Whether the user set it. Otherwise it is the tier's, which the tier's expected cost all but fills. */
  own: boolean;
}

/** Percent of the limit at which the forecast of the month is mailed, and at which what is spent is. */
export const percentOf = ({ own }: Pick<MonthlyLimit, "own">) => ({ forecast: own ? 80 : 100, actual: 100 });

const notification = (notificationType: "FORECASTED" | "ACTUAL", threshold: number, topic: pulumi.Input<string>) => ({
  notificationType,
  threshold,
  thresholdType: "PERCENTAGE",
  comparisonOperator: "GREATER_THAN",
  subscriberSnsTopicArns: [topic],
});

/** Creates the budget of the account. It counts what a plan counts: no taxes, no support, and no credits against the cost. */
export function monthlyBudget(alarms: Component, limit: MonthlyLimit, topic: pulumi.Output<string>): void {
  const { forecast, actual } = percentOf(limit);
  new aws.budgets.Budget(
    alarms.named("budget"),
    {
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: String(limit.usd),
      limitUnit: "USD",
      costTypes: { includeCredit: false, includeRefund: false, includeSupport: false, includeTax: false },
      notifications: [notification("FORECASTED", forecast, topic), notification("ACTUAL", actual, topic)],
    },
    alarms.child,
  );
}

import * as aws from "@pulumi/aws";
import { output } from "@pulumi/pulumi";
import { expect } from "chai";
import { type MonthlyLimit, monthlyBudget, percentOf } from "../../../components/alarms/budget";
import { Component } from "../../../components/support/component";
import { recorded } from "../../support/record";

class Parent extends Component {}

const topic = "arn:aws:sns:eu-west-1:123456789012:alarms-topic";

const run = (create: (parent: Component) => void) =>
  recorded(
    () => {
      const provider = new aws.Provider("aws", { region: "eu-west-1" });
      create(new Parent("alarms:Alarms", "alarms", { providers: { aws: provider } }));
    },
    { region: "eu-west-1" },
  );

const budgetOf = async (limit: MonthlyLimit) => {
  const made = await run((parent) => monthlyBudget(parent, limit, output(topic)));
  expect(made.problems).to.deep.equal([]);
  return made.inputs("alarms/budget");
};

describe("monthlyBudget", () => {
  const mail = (notificationType: string, threshold: number) => ({
    notificationType,
    threshold,
    thresholdType: "PERCENTAGE",
    comparisonOperator: "GREATER_THAN",
    subscriberSnsTopicArns: [topic],
  });

  it("mails 80 % of a limit of the user's by forecast, and the whole of it once it is spent", async () => {
    expect(await budgetOf({ usd: 150, own: true })).to.deep.equal({
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: "150",
      limitUnit: "USD",
      costTypes: { includeCredit: false, includeRefund: false, includeSupport: false, includeTax: false },
      notifications: [mail("FORECASTED", 80), mail("ACTUAL", 100)],
    });
  });

  it("mails the whole of the tier's by forecast, because the tier all but fills it", async () => {
    expect(percentOf({ own: false })).to.deep.equal({ forecast: 100, actual: 100 });
    expect((await budgetOf({ usd: 12, own: false })).notifications).to.deep.equal([
      mail("FORECASTED", 100),
      mail("ACTUAL", 100),
    ]);
  });
});

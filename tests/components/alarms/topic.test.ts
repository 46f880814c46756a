import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { mailTopic, topicPolicy } from "../../../components/alarms/topic";
import { Component } from "../../../components/support/component";
import { recorded } from "../../support/record";

class Parent extends Component {}

const arn = "arn:aws:sns:eu-west-1:123456789012:alarms-topic";

describe("mailTopic", () => {
  it("mails the address, under the name of the stack, and has no key", async () => {
    const run = await recorded(
      () => {
        const provider = new aws.Provider("aws", { region: "eu-west-1" });
        const parent = new Parent("alarms:Alarms", "alarms", { providers: { aws: provider } });
        mailTopic(parent, { child: "topic", email: "ops@example.com" });
      },
      { region: "eu-west-1" },
    );
    expect(run.problems).to.deep.equal([]);
    expect(run.inputs("alarms/topic")).to.deep.equal({ displayName: "tierstack test" });
    expect(run.inputs("alarms/topic-mail")).to.deep.equal({
      topic: arn,
      protocol: "email",
      endpoint: "ops@example.com",
    });
    const { arn: of, policy } = run.inputs("alarms/topic-policy");
    expect(of).to.equal(arn);
    expect(JSON.parse(policy)).to.deep.equal(topicPolicy({ arn, account: "123456789012" }));
  });
});

describe("topicPolicy", () => {
  it("lets alarms, budgets and cost anomalies of the account publish, and nobody else", () => {
    expect(topicPolicy({ arn, account: "123456789012" }).Statement).to.deep.equal([
      {
        Sid: "ServicesOfThisAccount",
        Effect: "Allow",
        Principal: {
          Service: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com", "costalerts.amazonaws.com"],
        },
        Action: "sns:Publish",
        Resource: arn,
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
  });
});

import * as aws from "@pulumi/aws";
import { output } from "@pulumi/pulumi";
import { expect } from "chai";
import { anomalyUsd, costAnomalies } from "../../../components/alarms/anomalies";
import { Component } from "../../../components/support/component";
import { recorded } from "../../support/record";

class Parent extends Component {}

const topic = "arn:aws:sns:eu-west-1:123456789012:alarms-topic";
const monitor = "arn:aws:ce::123456789012:anomalymonitor/0a1b2c3d-0000-4000-8000-123456789abc";

const run = (create: (parent: Component) => void) =>
  recorded(
    () => {
      const provider = new aws.Provider("aws", { region: "eu-west-1" });
      create(new Parent("alarms:Alarms", "alarms", { providers: { aws: provider } }));
    },
    { region: "eu-west-1" },
  );

describe("costAnomalies", () => {
  const made = (which: string) =>
    run((parent) => costAnomalies(parent, { monitor: which, limitUsd: 300 }, output(topic)));
  const subscription = (arn: string) => ({
    frequency: "IMMEDIATE",
    monitorArnLists: [arn],
    subscribers: [{ type: "SNS", address: topic }],
    thresholdExpression: {
      dimension: {
        key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
        matchOptions: ["GREATER_THAN_OR_EQUAL"],
        values: ["30"],
      },
    },
  });
  const pathsOf = ({ paths }: { paths: string[] }) => paths.filter((path) => path.startsWith("alarms/"));

  it("subscribes to the monitor that the account has, and creates none", async () => {
    const existing = await made(monitor);
    expect(existing.problems).to.deep.equal([]);
    expect(pathsOf(existing)).to.deep.equal(["alarms/anomalies"]);
    expect(existing.inputs("alarms/anomalies")).to.deep.equal(subscription(monitor));
  });

  it("creates the one of services where the account has none", async () => {
    const created = await made("new");
    expect(pathsOf(created)).to.deep.equal(["alarms/anomalies", "alarms/anomaly-monitor"]);
    expect(created.inputs("alarms/anomaly-monitor")).to.deep.equal({
      monitorType: "DIMENSIONAL",
      monitorDimension: "SERVICE",
    });
    const [arn] = created.inputs("alarms/anomalies").monitorArnLists;
    expect(arn).to.match(/^arn:aws:ce::123456789012:anomalymonitor\//);
  });

  it("mails from a tenth of the limit on, and never below 1 USD", () => {
    expect([1, 12, 100, 1000].map((limitUsd) => anomalyUsd({ limitUsd }))).to.deep.equal([1, 1, 10, 100]);
  });
});

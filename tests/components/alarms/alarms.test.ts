import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { Alarms, type AlarmsArgs } from "../../../components/alarms/alarms";
import type { Watched } from "../../../components/support/watched";
import { recorded } from "../../support/record";

const run = (args: Partial<AlarmsArgs>) =>
  recorded(
    () => {
      const provider = new aws.Provider("aws", { region: "eu-west-1" });
      new Alarms(
        "alarms",
        { email: "ops@example.com", region: "eu-west-1", watched: [], ...args },
        { providers: { aws: provider } },
      );
    },
    { region: "eu-west-1" },
  );

const edge: Watched = {
  kind: "edge",
  dimensions: { DistributionId: "E1ABCDEFGHIJK", Region: "Global" },
  region: "us-east-1",
};
const gateway: Watched = { kind: "nat", name: "0", dimensions: { NatGatewayId: "nat-0123" }, region: "eu-west-1" };
const node = { kind: "node", dimensions: { AutoScalingGroupName: "shop" } } as const satisfies Watched;
const database = { kind: "database", name: "replica-0", dimensions: { DBInstanceIdentifier: "shop" } } as const;

const made = async (watched: Watched[], region?: string) =>
  (await run({ watched, ...(region !== undefined && { region }) })).paths.filter((path) => path.startsWith("alarms/"));
const topics = (...names: string[]) => names.flatMap((name) => [name, `${name}-mail`, `${name}-policy`]);

describe("Alarms", () => {
  it("mail through the topic of their own region", async () => {
    const here = "arn:aws:sns:eu-west-1:123456789012:alarms-topic";
    const global = "arn:aws:sns:us-east-1:123456789012:alarms-topic-us-east-1";
    const alarms = await run({ watched: [edge, gateway] });
    expect(alarms.problems).to.deep.equal([]);
    expect(alarms.inputs("alarms/edge-errors")).to.deep.equal({
      region: "us-east-1",
      alarmDescription:
        "More than 1 % of the visitors' requests fail with a status from 500. Look first at whether the node or the load " +
        "balancer answers at all, then the application's log. More: docs/alarms.md",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 1,
      evaluationPeriods: 2,
      treatMissingData: "notBreaching",
      namespace: "AWS/CloudFront",
      metricName: "5xxErrorRate",
      dimensions: { DistributionId: "E1ABCDEFGHIJK", Region: "Global" },
      period: 300,
      statistic: "Average",
      alarmActions: [global],
      okActions: [global],
    });
    const { region, alarmActions, okActions } = alarms.inputs("alarms/nat-0-ports");
    expect({ region, alarmActions, okActions }).to.deep.equal({
      region: undefined,
      alarmActions: [here],
      okActions: [here],
    });
    expect(alarms.inputs("alarms/topic-us-east-1")).to.deep.equal({
      region: "us-east-1",
      displayName: "tierstack test",
    });
  });

  it("need one topic where every metric is in the stack's region", async () => {
    expect(await made([gateway])).to.deep.equal([
      "alarms/nat-0-ports",
      ...topics("topic").map((one) => `alarms/${one}`),
    ]);
    expect(await made([edge], "us-east-1")).to.deep.equal([
      "alarms/edge-errors",
      ...topics("topic").map((one) => `alarms/${one}`),
    ]);
  });

  it("watch credits of burstable instances only, and lag of replicas only", async () => {
    const namesOf = async (watched: Watched) =>
      (await made([watched])).map((path) => path.slice("alarms/".length)).filter((name) => !name.startsWith("topic"));
    expect(await namesOf(node)).to.deep.equal(["node-cpu", "node-down"]);
    expect(await namesOf({ ...node, burstable: true })).to.deep.equal(["node-cpu", "node-credits", "node-down"]);
    const always = ["connections", "cpu", "storage"];
    const prefixed = (names: string[]) => names.map((name) => `database-replica-0-${name}`);
    expect(await namesOf(database)).to.deep.equal(prefixed(always));
    expect(await namesOf({ ...database, replica: true, burstable: true })).to.deep.equal(
      prefixed(["connections", "cpu", "credits", "lag", "storage"]),
    );
  });
});

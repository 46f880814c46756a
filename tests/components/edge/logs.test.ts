import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { aclLogging, EdgeLogs, type EdgeLogsArgs, requestFields } from "../../../components/edge/logs";
import { Component } from "../../../components/support/component";
import { hex } from "../../../planner/record/outputs";
import { type Recorded, recorded } from "../../support/record";

const distributionArn = "arn:aws:cloudfront::123456789012:distribution/E1ABCDEFGHIJK";
const aclArn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/0a1b2c3d-0000-4000-8000-000000000000";

class Parent extends Component {}

const run = (args: Partial<EdgeLogsArgs>): Promise<Recorded> =>
  recorded(() => {
    const provider = new aws.Provider("aws", { region: "eu-west-1" });
    const edge = new Parent("edge:Edge", "edge", { providers: { aws: provider } });
    new EdgeLogs(edge, { distributionArn, aclArn: undefined, requests: false, ...args });
  });

const name = `tierstack-test-edge-logs-${hex("edge/logs-suffix", 8)}`;
const groupArn = (group: string) => `arn:aws:logs:us-east-1:123456789012:log-group:${group}`;

describe("EdgeLogs", () => {
  it("keep what the web ACL blocked or counted for 30 days, and nothing else", async () => {
    const made = await run({ aclArn });
    expect(made.problems).to.deep.equal([]);
    const paths = ["blocked-log", "logs-suffix", "web-acl-logs"];
    expect(made.paths.filter((path) => path.startsWith("edge/"))).to.deep.equal(paths.map((child) => `edge/${child}`));
    // CloudFront's web ACLs log in us-east-1 only, to groups with this prefix.
    expect(made.inputs("edge/blocked-log")).to.deep.equal({
      region: "us-east-1",
      name: `aws-waf-logs-${name}`,
      retentionInDays: 30,
    });
    expect(made.inputs("edge/web-acl-logs")).to.deep.equal(aclLogging(aclArn, groupArn(`aws-waf-logs-${name}`)));
  });

  it("deliver the requests as JSON to a group of 30 days", async () => {
    const made = await run({ requests: true });
    expect(made.problems).to.deep.equal([]);
    const parts = ["delivery", "destination", "log", "source"].map((part) => `requests-${part}`);
    expect(made.paths.filter((path) => path.startsWith("edge/"))).to.deep.equal(
      ["logs-suffix", ...parts].map((child) => `edge/${child}`),
    );
    const region = "us-east-1";
    const group = `${name}-requests`;
    expect(made.inputs("edge/requests-log")).to.deep.equal({ region, name: group, retentionInDays: 30 });
    const source = { region, logType: "ACCESS_LOGS", resourceArn: distributionArn };
    expect(made.inputs("edge/requests-source")).to.deep.equal(source);
    expect(made.inputs("edge/requests-destination")).to.deep.equal({
      region,
      outputFormat: "json",
      deliveryDestinationConfiguration: { destinationResourceArn: groupArn(group) },
    });
    expect(made.inputs("edge/requests-delivery")).to.deep.equal({
      region,
      deliverySourceName: "edge-requests-source",
      deliveryDestinationArn: "arn:aws:logs:us-east-1:123456789012:delivery-destination:edge-requests-destination",
      recordFields: [...requestFields],
    });
  });
});

describe("aclLogging", () => {
  it("drops every request that no rule blocked or counted", () => {
    expect(aclLogging(aclArn, "group").loggingFilter).to.deep.equal({
      defaultBehavior: "DROP",
      filters: [
        {
          behavior: "KEEP",
          requirement: "MEETS_ANY",
          conditions: [{ actionCondition: { action: "BLOCK" } }, { actionCondition: { action: "COUNT" } }],
        },
      ],
    });
  });

  it("leaves out the query and the headers that hold secrets", () => {
    expect(aclLogging(aclArn, "group").redactedFields).to.deep.equal([
      { queryString: {} },
      ...["authorization", "cookie", "proxy-authorization", "referer", "x-api-key", "x-csrf-token"].map((header) => ({
        singleHeader: { name: header },
      })),
    ]);
  });
});

describe("requestFields", () => {
  it("have the visitor's address, and none that may hold a secret", () => {
    expect(requestFields).to.include("c-ip");
    for (const secret of ["cs(Cookie)", "cs-uri-query", "cs(Referer)"]) expect(requestFields).to.not.include(secret);
  });
});

import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { parse } from "yaml";
import { cloudwatchConfig, cloudwatchConfigOf } from "../../../../components/observability/cloudwatch/config";
import type { Watched } from "../../../../components/support/watched";

describe("configuration of the exporter of CloudWatch's figures", () => {
  const edge = { kind: "edge", dimensions: { DistributionId: "E1", Region: "Global" }, region: "us-east-1" } as const;

  it("names each resource by its dimensions, in its own region or the stack's, with the role of the pod", () => {
    const replica = { kind: "database", name: "replica-0", dimensions: { DBInstanceIdentifier: "shop-1" } } as const;
    const { apiVersion, static: jobs, ...more } = parse(cloudwatchConfig([edge, replica], "eu-west-1"));
    expect({ apiVersion, more }).to.deep.equal({ apiVersion: "v1alpha1", more: {} });
    const of = (at: number) => {
      const { metrics: _, ...job } = jobs[at];
      return job;
    };
    expect(jobs).to.have.length(2);
    expect(of(0)).to.deep.equal({
      name: "edge",
      namespace: "AWS/CloudFront",
      regions: ["us-east-1"],
      roles: [{}],
      dimensions: [
        { name: "DistributionId", value: "E1" },
        { name: "Region", value: "Global" },
      ],
    });
    expect(of(1)).to.deep.equal({
      name: "replica-0",
      namespace: "AWS/RDS",
      regions: ["eu-west-1"],
      roles: [{}],
      dimensions: [{ name: "DBInstanceIdentifier", value: "shop-1" }],
    });
    expect(jobs[0].metrics[0]).to.deep.equal({ name: "Requests", statistics: ["Sum"], period: 60, length: 600 });
    expect(jobs[1].metrics[0]).to.deep.equal({
      name: "CPUUtilization",
      statistics: ["Average"],
      period: 300,
      length: 300,
    });
  });

  it("leaves out what it has no figures of, and what is in the cluster's own exporters", () => {
    const others: Watched["kind"][] = ["node", "cluster", "targets", "certificate", "nat", "heartbeat"];
    const jobs = others.map((kind) => ({ kind, dimensions: { Some: "thing" } }));
    expect(parse(cloudwatchConfig(jobs, "eu-west-1")).static).to.deep.equal([]);
    const text = cloudwatchConfig([{ kind: "database", dimensions: {} }], "eu-west-1");
    expect(text).to.not.match(/DatabaseConnections|ReplicaLag|CPUCreditBalance/);
  });

  it("asks for the credits of what has them", () => {
    for (const kind of ["database", "cache"] as const)
      expect(cloudwatchConfig([{ kind, dimensions: {}, burstable: true }], "eu-west-1")).to.contain("CPUCreditBalance");
  });

  it("follows from what is known after a deployment", (done) => {
    const watched = [{ ...edge, dimensions: { ...edge.dimensions, DistributionId: pulumi.output("E1") } }];
    cloudwatchConfigOf(watched, "eu-west-1").apply((text) => {
      expect(text).to.equal(cloudwatchConfig([edge], "eu-west-1"));
      done();
    });
  });
});

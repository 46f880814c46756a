import { expect } from "chai";
import { quotas } from "../../../../planner/preflight/checks/quotas";
import type { Needs } from "../../../../planner/preflight/needs";
import { needs, requestsOf, run } from "../support";

const instance = (vpc: string, cores: number, lifecycle?: string) => ({
  Instances: [{ VpcId: vpc, CpuOptions: { CoreCount: cores, ThreadsPerCore: 1 }, InstanceLifecycle: lifecycle }],
});

const own = [
  { Key: "tierstack:project", Value: "tierstack" },
  { Key: "tierstack:stack", Value: "startup" },
];

const account = (limits: Record<string, number>) => ({
  quotas: {
    getServiceQuota: ({ QuotaCode }: { QuotaCode: string }) => ({ Quota: { Value: limits[QuotaCode] } }),
  },
  ec2: {
    describeVpcs: () => ({ Vpcs: [{ VpcId: "vpc-own", Tags: own }, { VpcId: "vpc-other" }] }),
    describeAddresses: () => ({ Addresses: [{ Tags: own }, {}, {}] }),
    // Two pages; the stack's own node, and another with three vCPUs.
    describeInstances: ({ NextToken }: { NextToken?: string }) =>
      NextToken
        ? { Reservations: [instance("vpc-other", 3), instance("vpc-other", 9, "spot")] }
        : { Reservations: [instance("vpc-own", 2)], NextToken: "2" },
  },
});

describe("quotas", () => {
  let move: Needs;
  before(async () => {
    move = await needs("growth", "startup");
  });

  it("are fine where they hold the move beside what others use", async () => {
    const limits = { "L-1216C47A": 11, "L-0263D0A3": 3, "L-F678F1CE": 2 };
    expect(await run(quotas, move, account(limits))).to.deep.equal([
      { status: "fine", text: "On-Demand vCPUs (standard families): 8 of 11, others use 3" },
      { status: "fine", text: "Elastic IP addresses: 1 of 3, others use 2" },
      { status: "fine", text: "VPCs: 1 of 2, others use 1" },
    ]);
  });

  it("are asked one by one, each with what uses it", async () => {
    const quota = (ServiceCode: string, QuotaCode: string) => ["quotas.getServiceQuota", { ServiceCode, QuotaCode }];
    const Filters = [{ Name: "instance-state-name", Values: ["pending", "running"] }];
    const instances = [
      ["ec2.describeVpcs", {}],
      ["ec2.describeInstances", { Filters }],
      ["ec2.describeInstances", { Filters, NextToken: "2" }],
    ];
    const scale = await needs("scale", "startup");
    expect(await requestsOf(quotas, scale, account({}))).to.deep.equal([
      quota("ec2", "L-1216C47A"),
      ...instances,
      quota("ec2", "L-34B43A08"),
      ...instances,
      quota("ec2", "L-0263D0A3"),
      ["ec2.describeAddresses", {}],
      quota("vpc", "L-F678F1CE"),
      ["ec2.describeVpcs", {}],
    ]);
  });

  it("fail one below, each with the command that raises it", async () => {
    const limits = { "L-1216C47A": 10, "L-0263D0A3": 2, "L-F678F1CE": 1 };
    const found = await run(quotas, move, account(limits));
    expect(found.map(({ status }) => status)).to.deep.equal(["failed", "failed", "failed"]);
    expect(found[0]).to.deep.equal({
      status: "failed",
      problem: {
        where: "On-Demand vCPUs (standard families)",
        given: "a quota of 10, of which others use 3",
        allowed: "11 or more, at every autoscaler's maximum and beside the others",
        fix:
          "aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-1216C47A " +
          "--desired-value 11",
      },
    });
  });

  it("are asked for Spot where the stack uses it", async () => {
    const limits = { "L-34B43A08": 10, "L-0263D0A3": 5, "L-F678F1CE": 5 };
    const [spot] = await run(quotas, await needs("mvp"), account(limits));
    expect(spot).to.deep.include({ status: "failed" });
    expect(JSON.stringify(spot)).to.contain("a quota of 10, of which others use 9");
  });
});

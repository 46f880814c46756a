import { type Aws, pages } from "../aws";
import { type Check, type Finding, failed, fine } from "../check";
import { type Compute, type Needs, vcpusOf } from "../needs";
import { allVpcs, isOwn, ownVpcs } from "../own";

interface Quota {
  name: string;
  service: string;
  code: string;
  needed: (needs: Needs) => number;
  /** What the rest of the account uses: the stack's own is part of what it needs. */
  usedByOthers: (aws: Aws, needs: Needs) => Promise<number>;
}

const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
const vcpus = (key: "onDemandVcpus" | "spotVcpus") => (needs: Needs) =>
  sum(needs.computeInMove.map((compute: Compute) => compute[key]));

/** vCPUs of the instances that run outside of the stack's VPC. */
const vcpusOfOthers = (spot: boolean) => async (aws: Aws, needs: Needs) => {
  const own = await ownVpcs(aws, needs);
  const instances = await pages(async (NextToken) => {
    const { Reservations = [], NextToken: next } = await aws.ec2().describeInstances({
      Filters: [{ Name: "instance-state-name", Values: ["pending", "running"] }],
      ...(NextToken && { NextToken }),
    });
    return { items: Reservations.flatMap(({ Instances = [] }) => Instances), next };
  });
  return sum(
    instances
      .filter(({ VpcId, InstanceLifecycle }) => !own.includes(VpcId ?? "") && (InstanceLifecycle === "spot") === spot)
      .map(({ CpuOptions: cpu, InstanceType = "" }) =>
        cpu?.CoreCount ? cpu.CoreCount * (cpu.ThreadsPerCore ?? 1) : vcpusOf(InstanceType),
      ),
  );
};

/** Source of the codes: Service Quotas, "Amazon EC2" and "Amazon VPC". */
const quotaList: Quota[] = [
  {
    name: "On-Demand vCPUs (standard families)",
    service: "ec2",
    code: "L-1216C47A",
    needed: vcpus("onDemandVcpus"),
    usedByOthers: vcpusOfOthers(false),
  },
  {
    name: "Spot vCPUs (standard families)",
    service: "ec2",
    code: "L-34B43A08",
    needed: vcpus("spotVcpus"),
    usedByOthers: vcpusOfOthers(true),
  },
  {
    name: "Elastic IP addresses",
    service: "ec2",
    code: "L-0263D0A3",
    needed: ({ addresses }) => addresses,
    async usedByOthers(aws, needs) {
      const { Addresses = [] } = await aws.ec2().describeAddresses({});
      return Addresses.filter(({ Tags }) => !isOwn(needs, Tags)).length;
    },
  },
  {
    name: "VPCs",
    service: "vpc",
    code: "L-F678F1CE",
    needed: ({ vpcs }) => vpcs,
    async usedByOthers(aws, needs) {
      return (await allVpcs(aws)).filter(({ Tags }) => !isOwn(needs, Tags)).length;
    },
  },
];

/** What a quota allows against what is needed, beside what the rest of the account uses. */
function verdict({ name, code, service }: Quota, limit: number, needed: number, others: number): Finding {
  if (limit - others >= needed)
    return fine(`${name}: ${needed} of ${limit}${others > 0 ? `, others use ${others}` : ""}`);
  const least = needed + others;
  return failed({
    where: name,
    given: `a quota of ${limit}${others > 0 ? `, of which others use ${others}` : ""}`,
    allowed: `${least} or more, at every autoscaler's maximum${others > 0 ? " and beside the others" : ""}`,
    fix:
      "aws service-quotas request-service-quota-increase " +
      `--service-code ${service} --quota-code ${code} --desired-value ${least}`,
  });
}

/** The account's quotas hold the stack, and the move to it. */
export const quotas: Check = {
  name: "quotas",
  fails: `a quota is too small for the stack or the move: ${quotaList.map(({ name }) => name).join(", ")}`,
  signedIn: true,
  applies: (needs) => quotaList.some(({ needed }) => needed(needs) > 0),
  async run(needs, { aws }) {
    const findings: Finding[] = [];
    for (const quota of quotaList) {
      const needed = quota.needed(needs);
      if (needed === 0) continue;
      const request = { ServiceCode: quota.service, QuotaCode: quota.code };
      const { Quota: found } = await aws.quotas().getServiceQuota(request);
      findings.push(verdict(quota, found?.Value ?? 0, needed, await quota.usedByOthers(aws, needs)));
    }
    return findings;
  },
};

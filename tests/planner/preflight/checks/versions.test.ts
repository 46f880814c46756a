import { expect } from "chai";
import { versions } from "../../../../planner/preflight/checks/versions";
import { type Asked, needs, requestsOf, run } from "../support";

const offered = {
  eks: { describeClusterVersions: () => ({ clusterVersions: [{ versionStatus: "STANDARD_SUPPORT" }] }) },
  rds: { describeOrderableDBInstanceOptions: () => ({ OrderableDBInstanceOptions: [{}] }) },
  elastiCache: { describeCacheEngineVersions: () => ({ CacheEngineVersions: [{}] }) },
  ec2: { describeImages: () => ({ Images: [{}] }) },
};
const nothing = {
  eks: { describeClusterVersions: () => ({ clusterVersions: [] }) },
  rds: { describeOrderableDBInstanceOptions: () => ({}) },
  elastiCache: { describeCacheEngineVersions: () => ({}) },
  ec2: { describeImages: () => ({}) },
};

async function findings(stack: string, clients: Parameters<typeof run>[2]) {
  const of = await needs(stack);
  const made = versions.filter((check) => check.applies(of));
  return (await Promise.all(made.map((check) => run(check, of, clients)))).flat();
}

async function requests(stack: string) {
  const of = await needs(stack);
  const asked: Asked[] = [];
  for (const check of versions.filter((one) => one.applies(of))) asked.push(...(await requestsOf(check, of, offered)));
  return asked;
}

describe("versions", () => {
  it("are asked as the plan has them", async () => {
    expect(await requests("growth")).to.deep.equal([
      ["eks.describeClusterVersions", { clusterVersions: ["1.36"] }],
      [
        "rds.describeOrderableDBInstanceOptions",
        { Engine: "postgres", EngineVersion: "17.11", DBInstanceClass: "db.t4g.medium", Vpc: true },
      ],
      ["elastiCache.describeCacheEngineVersions", { Engine: "valkey", EngineVersion: "8.1" }],
    ]);
    expect(await requests("mvp")).to.deep.equal([
      [
        "ec2.describeImages",
        {
          Owners: ["137112412989"],
          Filters: [{ Name: "name", Values: ["al2023-ami-2023.12.20260918.0-kernel-6.1-arm64"] }],
          IncludeDeprecated: true,
        },
      ],
    ]);
  });

  it("are fine where AWS offers them", async () => {
    expect(await findings("growth", offered)).to.deep.equal(
      ["EKS 1.36", "RDS for PostgreSQL 17.11 on db.t4g.medium", "ElastiCache valkey 8.1"].map((text) => ({
        status: "fine",
        text,
      })),
    );
    expect(await findings("mvp", offered)).to.deep.equal([
      { status: "fine", text: "al2023-ami-2023.12.20260918.0-kernel-6.1-arm64" },
    ]);
  });

  it("fail where AWS does not, each with its fix", async () => {
    const problems = (await findings("growth", nothing)).map((finding) =>
      finding.status === "failed" ? `${finding.problem.given}; ${finding.problem.fix}` : finding.status,
    );
    expect(problems).to.deep.equal([
      "1.36, which is not offered; upgrade tierstack: versions.ts pins the version",
      "db.t4g.medium with PostgreSQL 17.11, which us-east-1 does not offer; set another postgres.instanceClass, or " +
        "upgrade tierstack: versions.ts pins the version",
      "valkey 8.1, which us-east-1 does not offer; upgrade tierstack: versions.ts pins the version",
    ]);
    const [image] = await findings("mvp", nothing);
    expect(JSON.stringify(image)).to.contain(
      "al2023-ami-2023.12.20260918.0-kernel-6.1-arm64, which us-east-1 does not offer",
    );
  });

  it("of EKS fail in extended support, which costs more", async () => {
    const extended = { describeClusterVersions: () => ({ clusterVersions: [{ versionStatus: "EXTENDED_SUPPORT" }] }) };
    expect(JSON.stringify((await findings("growth", { ...offered, eks: extended }))[0])).to.contain(
      "1.36, with the status EXTENDED_SUPPORT",
    );
  });
});

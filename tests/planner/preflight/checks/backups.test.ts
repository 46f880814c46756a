import { expect } from "chai";
import { backups } from "../../../../planner/preflight/checks/backups";
import { awsError, needs, requestsOf, run } from "../support";

const saying = (supported: boolean) => ({
  rds: {
    describeSourceRegions: ({ RegionName }: { RegionName: string }) => ({
      SourceRegions: [{ RegionName, SupportsDBInstanceAutomatedBackupsReplication: supported }],
    }),
  },
});

describe("backup copies", () => {
  it("are fine where RDS copies between the regions", async () => {
    expect(await run(backups, await needs("scale"), saying(true))).to.deep.equal([
      { status: "fine", text: "us-east-1 to us-west-2" },
    ]);
  });

  it("are asked in the region of the copies, about the region of the database", async () => {
    expect(await requestsOf(backups, await needs("scale"), saying(true))).to.deep.equal([
      ["rds.describeSourceRegions", { RegionName: "us-east-1" }, "us-west-2"],
    ]);
  });

  it("fail where it does not", async () => {
    expect(await run(backups, await needs("scale"), saying(false))).to.deep.equal([
      {
        status: "failed",
        problem: {
          where: "backupRegion",
          given: "us-west-2, to which RDS does not copy backups of us-east-1",
          allowed: "a region for which aws rds describe-source-regions --region REGION lists us-east-1",
          fix: "choose another backupRegion",
        },
      },
    ]);
  });

  it("follow the documented pairs where AWS does not answer", async () => {
    const silent = {
      rds: {
        describeSourceRegions: () => {
          throw awsError("AccessDenied", "no");
        },
      },
    };
    expect(await run(backups, await needs("scale"), silent)).to.deep.equal([
      { status: "fine", text: "us-east-1 to us-west-2, by the pairs that AWS documents (AccessDenied: no)" },
    ]);
    const elsewhere = { "tierstack:region": "eu-west-2", "tierstack:backupRegion": "us-west-2" };
    expect(await run(backups, await needs("scale", undefined, elsewhere), silent)).to.deep.equal([
      { status: "unchecked", reason: "AccessDenied: no" },
    ]);
  });

  it("are not asked where a tier copies none", async () => {
    expect(backups.applies(await needs("growth"))).to.equal(false);
  });
});

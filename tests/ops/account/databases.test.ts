import { expect } from "chai";
import { AwsDatabases } from "../../../ops/account/databases";
import { Rds, refuse } from "../../support/rds";

const name = "shop-primary";

describe("the instances of RDS", () => {
  let rds: Rds;
  let databases: AwsDatabases;

  beforeEach(() => {
    rds = new Rds();
    databases = new AwsDatabases("us-east-1", () => rds.client);
  });

  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => "nothing",
      (error: Error) => error.message,
    );

  it("are described: what a restored one needs, and whether there is something to restore", async () => {
    rds.add(name, { LatestRestorableTime: new Date(5_000), TagList: [{ Key: "a", Value: "b" }] });
    expect(await databases.find(name)).to.deep.equal({
      name,
      status: "available",
      instanceClass: "db.t4g.large",
      subnetGroup: "own",
      securityGroups: ["sg-1"],
      parameterGroup: "own",
      authority: "rds-ca-rsa2048-g1",
      address: "shop-primary.abc.us-east-1.rds.amazonaws.com",
      storageGiB: 100,
      backupDays: 7,
      restorableMs: 5_000,
      tags: { a: "b" },
    });
    expect(await databases.find("shop")).to.equal(undefined);
  });

  it("are restored into the same network with the same parameters, alone, private and without protection or backups", async () => {
    rds.add(name, {
      TagList: [
        { Key: "tierstack:stack", Value: "shop" },
        { Key: "aws:cloudformation:stack-name", Value: "x" },
      ],
    });
    const source = await databases.find(name);
    if (!source) throw new Error("not found");
    await databases.restore(source, `${name}-drill`, { "tierstack-drill": "1" });
    expect(rds.asked).to.deep.equal({
      SourceDBInstanceIdentifier: name,
      TargetDBInstanceIdentifier: `${name}-drill`,
      UseLatestRestorableTime: true,
      DBSubnetGroupName: "own",
      VpcSecurityGroupIds: ["sg-1"],
      DBParameterGroupName: "own",
      CACertificateIdentifier: "rds-ca-rsa2048-g1",
      DBInstanceClass: "db.t4g.large",
      MultiAZ: false,
      PubliclyAccessible: false,
      DeletionProtection: false,
      AutoMinorVersionUpgrade: false,
      BackupRetentionPeriod: 0,
      // Its own, without those that nobody but AWS may set.
      Tags: [
        { Key: "tierstack:stack", Value: "shop" },
        { Key: "tierstack-drill", Value: "1" },
      ],
    });
    expect(await databases.find(`${name}-drill`)).to.include({ status: "creating", address: undefined });
    const told =
      "; allowed: what your rights and the store's state allow; fix: check aws sts get-caller-identity, and the store in the console";
    const again = databases.restore(source, `${name}-drill`, {});
    expect(await refusal(again)).to.equal(
      `RDS in us-east-1: given a request that it refuses (DBInstanceAlreadyExistsFault: DB instance already exists)${told}`,
    );
    expect(await refusal(databases.restore(source, `${"a".repeat(64)}`, {}))).to.contain("not a valid identifier");
    expect(await refusal(databases.restore({ ...source, parameterGroup: "other" }, "b", {}))).to.contain(
      "DBParameterGroupNotFoundFault: DBParameterGroup not found: other",
    );
    rds.families.set("other", "postgres16");
    expect(await refusal(databases.restore({ ...source, parameterGroup: "other" }, "b", {}))).to.contain(
      "InvalidParameterCombination: The parameter group other cannot be used for this instance.",
    );
  });

  it("are deleted without a snapshot, while they are created too; once is enough, and none is none", async () => {
    rds.add("a", { DeletionProtection: false, DBInstanceStatus: "creating" });
    expect(await databases.remove("a")).to.equal(undefined);
    expect(await databases.remove("a")).to.equal(undefined);
    expect(await databases.remove("b")).to.equal(undefined);
    expect(rds.changes).to.deep.equal(["delete a with its backups"]);
  });

  it("stay in a state in which RDS does not delete them, which is told; of other refusals the reason", async () => {
    rds.add("a", { DeletionProtection: false });
    rds.add(name);
    rds.refused.push("state");
    expect(await databases.remove("a")).to.equal("The DB instance isn't in a valid state.");
    expect(await refusal(databases.remove(name))).to.match(
      /^RDS in us-east-1: given .*Cannot delete protected DB Instance/,
    );
    expect(() => refuse("name", "a--b")).to.throw("a--b");
    expect(rds.changes).to.deep.equal([]);
  });

  it("tell whether one may be deleted before it is there", async () => {
    expect(await databases.mayRemove("a")).to.equal(undefined);
    rds.mayDelete = false;
    expect(await databases.mayRemove("a")).to.match(/^User: ci is not authorized to perform: rds:DeleteDBInstance/);
    expect(rds.changes).to.deep.equal([]);
  });

  it("are not asked about without a region", async () => {
    expect(await refusal(new AwsDatabases(undefined).find(name))).to.equal(
      "RDS: given no region; allowed: a stack; fix: name it with -s",
    );
  });
});

import { expect } from "chai";
import { refusedByUse, refusedDelete } from "../../../planner/move/refused-deletes";

const database = "aws:rds/instance:Instance";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";

describe("what AWS refuses to delete", () => {
  it("is what something uses, a protected database and a bucket with objects", () => {
    const group = "aws:rds/subnetGroup:SubnetGroup";
    const used = (dbSubnetGroupName: string) =>
      refusedByUse(group, new Set(["private"]), { type: database, inputs: { dbSubnetGroupName } });
    expect(used("private")).to.equal("InvalidDBSubnetGroupStateFault");
    expect(used("other")).to.equal(undefined);
    const sources = { type: cache, inputs: { securityGroupIds: ["sg-1", "sg-2"] } };
    expect(refusedByUse("aws:ec2/securityGroup:SecurityGroup", new Set(["sg-2"]), sources)).to.equal(
      "DependencyViolation",
    );
    expect(refusedDelete(database, { deletionProtection: true })).to.equal(
      "InvalidParameterCombination: Cannot delete protected DB Instance",
    );
    expect(refusedDelete(database, { deletionProtection: false })).to.equal(undefined);
    expect(refusedDelete("aws:s3/bucket:Bucket", {})).to.equal("BucketNotEmpty");
    expect(refusedDelete("aws:s3/bucket:Bucket", { forceDestroy: true })).to.equal(undefined);
  });
});

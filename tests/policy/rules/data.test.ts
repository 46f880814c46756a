import { expect } from "chai";
import { found, resource } from "../support";

const database = "aws:rds/instance:Instance";
const kept = { protect: false, retainOnDelete: true };
const safe = { protect: true, retainOnDelete: true };
const loose = { protect: false, retainOnDelete: false };

describe("policy data-protected", () => {
  const protectedOnly = [
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:ebs/volume:Volume",
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketV2:BucketV2",
    "aws:s3/directoryBucket:DirectoryBucket",
    "aws:dynamodb/table:Table",
    "aws:efs/fileSystem:FileSystem",
    "aws:fsx/lustreFileSystem:LustreFileSystem",
    "aws:fsx/ontapFileSystem:OntapFileSystem",
    "aws:fsx/openZfsFileSystem:OpenZfsFileSystem",
    "aws:fsx/windowsFileSystem:WindowsFileSystem",
    "aws:redshift/cluster:Cluster",
    "aws:memorydb/cluster:Cluster",
    "aws:elasticache/serverlessCache:ServerlessCache",
    "aws:opensearch/domain:Domain",
    "aws:elasticsearch/domain:Domain",
    "aws:msk/cluster:Cluster",
    "aws:cognito/userPool:UserPool",
  ];
  const keptToo = ["kubernetes:core/v1:PersistentVolumeClaim", "kubernetes:apps/v1:StatefulSet"];

  for (const type of protectedOnly)
    it(`demands protect of ${type}`, () => {
      expect(found("data-protected", [resource(type, {}, kept)])).to.deep.equal([
        "one protect: given false; allowed: true",
      ]);
      expect(found("data-protected", [resource(type, {}, safe)])).to.deep.equal([]);
    });

  for (const type of keptToo)
    it(`demands protect or retainOnDelete of ${type}`, () => {
      expect(found("data-protected", [resource(type, {}, loose)])).to.deep.equal([
        "one retainOnDelete: given false; allowed: true",
      ]);
      expect(found("data-protected", [resource(type, {}, kept), resource(type, {}, safe)])).to.deep.equal([]);
      // The engine does not tell of retainOnDelete.
      expect(found("data-protected", [resource(type, {}, { protect: false })])).to.deep.equal([]);
    });

  it("demands protect and deletionProtection of RDS, and retainOnDelete of a replica", () => {
    expect(found("data-protected", [resource(database)])).to.deep.equal([
      "one protect: given false; allowed: true",
      "one deletionProtection: given nothing; allowed: true",
    ]);
    const replica = { replicateSourceDb: "primary", deletionProtection: true };
    expect(found("data-protected", [resource(database, replica, loose)])).to.deep.equal([
      "one retainOnDelete: given false; allowed: true",
    ]);
    const primary = resource(database, { deletionProtection: true }, safe);
    expect(found("data-protected", [primary, resource(database, replica, kept)])).to.deep.equal([]);
  });

  for (const type of ["aws:rds/cluster:Cluster", "aws:docdb/cluster:Cluster", "aws:neptune/cluster:Cluster"])
    it(`demands protect and deletionProtection of ${type}`, () => {
      expect(found("data-protected", [resource(type)])).to.deep.equal([
        "one protect: given false; allowed: true",
        "one deletionProtection: given nothing; allowed: true",
      ]);
      expect(found("data-protected", [resource(type, { deletionProtection: true }, safe)])).to.deep.equal([]);
    });

  it("is lifted by allowDestroy", () => {
    expect(found("data-protected", [resource(database)], { allowDestroy: true })).to.deep.equal([]);
  });
});

describe("policy data-final-snapshot", () => {
  it("demands a final snapshot, with allowDestroy, too", () => {
    const bare = [
      resource(database, { skipFinalSnapshot: true }),
      resource("aws:elasticache/replicationGroup:ReplicationGroup"),
      resource("aws:ebs/volume:Volume"),
    ];
    expect(found("data-final-snapshot", bare, { allowDestroy: true })).to.deep.equal([
      "one skipFinalSnapshot: given true; allowed: false",
      "one finalSnapshotIdentifier: given nothing; allowed: a name",
      "one finalSnapshot: given nothing; allowed: true",
    ]);
    for (const module of ["rds", "docdb", "neptune", "redshift"]) {
      const cluster = (inputs: Record<string, unknown>) => [resource(`aws:${module}/cluster:Cluster`, inputs)];
      expect(found("data-final-snapshot", cluster({ skipFinalSnapshot: true })), module).to.deep.equal([
        "one skipFinalSnapshot: given true; allowed: false",
      ]);
      expect(found("data-final-snapshot", cluster({ skipFinalSnapshot: false })), module).to.deep.equal([]);
    }
    expect(found("data-final-snapshot", [resource("aws:memorydb/cluster:Cluster")])).to.deep.equal([
      "one finalSnapshotName: given nothing; allowed: a name",
    ]);
    const sound = [
      resource(database, { skipFinalSnapshot: false }),
      resource(database, { skipFinalSnapshot: true, replicateSourceDb: "primary" }),
      resource("aws:elasticache/replicationGroup:ReplicationGroup", { finalSnapshotIdentifier: "last" }),
      resource("aws:ebs/volume:Volume", { finalSnapshot: true }),
    ];
    expect(found("data-final-snapshot", sound)).to.deep.equal([]);
  });
});

import { expect } from "chai";
import { noteOn, refusedCreate, refusedUpdate, storedAs } from "../../../planner/move/refused-updates";

const database = "aws:rds/instance:Instance";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";

describe("what AWS refuses to create or update", () => {
  it("is a volume that shrinks, and none that grows or stays", () => {
    const refused = (from: number, to: number) => refusedUpdate("aws:ebs/volume:Volume", { size: from }, { size: to });
    expect(refused(10, 9)).to.equal(
      "size 10 -> 9: EBS cannot shrink a volume; keep 10 GiB or more (nodes.dataVolumeGiB)",
    );
    expect([refused(10, 10), refused(10, 11)]).to.deep.equal([undefined, undefined]);
  });

  it("is storage of a database that shrinks without autoscaling; with it, the storage stays", () => {
    const before = { allocatedStorage: 50 };
    expect(refusedUpdate(database, before, { allocatedStorage: 20 })).to.equal(
      "allocatedStorage 50 -> 20: RDS cannot shrink storage; keep 50 GiB or more",
    );
    const after = { allocatedStorage: 20, maxAllocatedStorage: 100 };
    expect(refusedUpdate(database, before, after)).to.equal(undefined);
    expect(storedAs(database, before, after)).to.deep.equal({ allocatedStorage: 50, maxAllocatedStorage: 100 });
    expect(noteOn(database, before, after)).to.equal("allocatedStorage stays 50 GiB");
  });

  it("is a limit below what autoscaling may have used, or less than 10 % above the storage", () => {
    const limit = (maxAllocatedStorage: number) => ({ allocatedStorage: 50, maxAllocatedStorage });
    expect(refusedUpdate(database, limit(500), limit(100))).to.equal(
      "maxAllocatedStorage 500 -> 100: autoscaling may have used 500 GiB, and RDS refuses a lower limit; keep 500 GiB",
    );
    expect(refusedUpdate(database, limit(100), limit(500))).to.equal(undefined);
    expect(refusedCreate(database, limit(54))).to.equal(
      "maxAllocatedStorage 54: RDS demands 10 % more than allocatedStorage (50)",
    );
    expect(refusedCreate(database, limit(55))).to.equal(undefined);
    // The storage that stays counts, not the one that the program asks for.
    const after = { allocatedStorage: 20, maxAllocatedStorage: 52 };
    expect(refusedUpdate(database, { allocatedStorage: 50 }, after)).to.equal(
      "maxAllocatedStorage 52: RDS demands 10 % more than allocatedStorage (50)",
    );
  });

  it("is another major version of RDS, because allowMajorVersionUpgrade is off", () => {
    const at = (engineVersion: string, more = {}) => ({ engineVersion, ...more });
    expect(refusedUpdate(database, at("16.9"), at("17.11"))).to.equal(
      "engineVersion 16 -> 17: allowMajorVersionUpgrade is off, so RDS refuses another major version; " +
        "see docs/upgrading-postgres.md",
    );
    expect(refusedUpdate(database, at("17.10"), at("17.11"))).to.equal(undefined);
    expect(refusedUpdate(database, at("16.9"), at("17.11", { allowMajorVersionUpgrade: true }))).to.equal(undefined);
  });

  it("is a cache that loses its replicas and Multi-AZ in one step, or has Multi-AZ without a replica", () => {
    const group = (multiAzEnabled: boolean, replicasPerNodeGroup: number) => ({ multiAzEnabled, replicasPerNodeGroup });
    expect(refusedUpdate(cache, group(true, 1), group(false, 0))).to.equal(
      "replicasPerNodeGroup -> 0: Multi-AZ needs a replica, and the provider removes replicas first; " +
        "set redis.multiAz to false, deploy, then remove the replicas",
    );
    expect(refusedUpdate(cache, group(true, 1), group(false, 1))).to.equal(undefined);
    expect(refusedUpdate(cache, group(false, 1), group(false, 0))).to.equal(undefined);
    expect(refusedUpdate(cache, group(false, 0), group(true, 1))).to.equal(undefined);
    expect(refusedCreate(cache, group(true, 0))).to.equal(
      "multiAzEnabled: Multi-AZ needs a replica; raise redis.replicasPerShard",
    );
  });

  it("is cluster mode without automatic failover", () => {
    expect(refusedCreate(cache, { clusterMode: "enabled", automaticFailoverEnabled: false })).to.equal(
      "automaticFailoverEnabled: cluster mode requires automatic failover",
    );
    expect(refusedCreate(cache, { clusterMode: "disabled", automaticFailoverEnabled: false })).to.equal(undefined);
  });

  it("may be a cache whose memory shrinks", () => {
    const shards = (nodeType: string, numNodeGroups: number) => ({ nodeType, numNodeGroups });
    const [small, micro] = [shards("cache.t4g.small", 3), shards("cache.t4g.micro", 1)];
    expect(refusedUpdate(cache, small, micro)).to.equal(undefined);
    expect(noteOn(cache, small, micro)).to.match(
      /^memory shrinks from \d+ to \d+ MiB: AWS refuses if the data does not fit; check BytesUsedForCache first$/,
    );
    expect([noteOn(cache, micro, small), noteOn(cache, micro, micro)]).to.deep.equal([undefined, undefined]);
  });

  it("names another region and another network of the VPC, with which no data moves", () => {
    const provider = "pulumi:providers:aws";
    expect(refusedUpdate(provider, { region: "us-east-1" }, { region: "eu-west-1" })).to.equal(
      "region us-east-1 -> eu-west-1: it replaces every resource, and data does not move; start a new stack there",
    );
    expect(refusedUpdate(provider, { region: "us-east-1" }, { region: "us-east-1", profile: "a" })).to.equal(undefined);
    expect(refusedUpdate("aws:ec2/vpc:Vpc", { cidrBlock: "10.1.0.0/16" }, { cidrBlock: "10.2.0.0/16" })).to.equal(
      "cidrBlock 10.1.0.0/16 -> 10.2.0.0/16: it replaces the VPC, and no store can leave its VPC; keep the first one",
    );
  });
});

import { expect } from "chai";
import { changesBetween } from "../../../../planner/move/changes";
import { hex } from "../../../../planner/record/outputs";
import { reveal } from "../../../../planner/record/values";
import type { RedisSize } from "../../../../tiers";
import { Secret } from "../../../support/record";
import { run, sizeOf } from "../support";

const steps: Record<string, RedisSize> = {
  startup: sizeOf("managed", { replicasPerShard: 1 }),
  growth: sizeOf("managed", { replicasPerShard: 1, snapshotRetentionDays: 3 }),
  scale: sizeOf("managed", {
    nodeType: "cache.t4g.small",
    shards: 3,
    replicasPerShard: 1,
    snapshotRetentionDays: 7,
  }),
};

describe("Redis on ElastiCache", () => {
  it("is a Valkey cluster with TLS, a password and encryption at rest", async () => {
    const all = await run(sizeOf("managed"));
    expect(all.problems).to.deep.equal([]);
    expect(all.at("redis/cluster").name).to.equal("redis-cluster");
    expect(all.inputs("redis/cluster")).to.deep.equal({
      description: "Queues, sessions and cache",
      engine: "valkey",
      engineVersion: "8.1",
      autoMinorVersionUpgrade: false,
      nodeType: "cache.t4g.micro",
      clusterMode: "enabled",
      numNodeGroups: 1,
      replicasPerNodeGroup: 0,
      automaticFailoverEnabled: true,
      multiAzEnabled: false,
      port: 6379,
      parameterGroupName: "redis-parameters-valkey8",
      subnetGroupName: "redis-subnets",
      securityGroupIds: [all.at("redis/access-from-eks").inputs.securityGroupId],
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      authToken: reveal(all.outputs.password),
      authTokenUpdateStrategy: "ROTATE",
      snapshotRetentionLimit: 1,
      snapshotWindow: "03:00-04:00",
      maintenanceWindow: "sun:04:30-sun:05:30",
      finalSnapshotIdentifier: `tierstack-test-redis-final-${hex("redis/final-snapshot", 8)}`,
      applyImmediately: true,
    });
    expect(all.at("redis/cluster").inputs.authToken).to.be.instanceOf(Secret);
  });

  it("is deleted, with a final snapshot, once its protection is lifted", async () => {
    const { options } = (await run(sizeOf("managed"), { removable: true })).at("redis/cluster");
    expect(options).to.include({ protect: false, retainOnDelete: false });
  });

  it("keeps its sizes where it is only kept", async () => {
    const ignored = async (place: RedisSize["place"]) =>
      (await run(sizeOf(place), { keep: { cluster: false, managed: true } })).at("redis/cluster").options.ignoreChanges;
    expect(await ignored("managed")).to.deep.equal([]);
    expect(await ignored("cluster")).to.have.members([
      "nodeType",
      "numNodeGroups",
      "replicasPerNodeGroup",
      "multiAzEnabled",
      "snapshotRetentionLimit",
    ]);
  });

  it("holds data, in use or kept; nothing around it does", async () => {
    const keep = { cluster: false, managed: true };
    for (const all of [await run(sizeOf("managed")), await run(sizeOf("cluster"), { keep })]) {
      expect(all.at("redis/cluster").options).to.include({ protect: true, retainOnDelete: true });
    }
    const all = await run(sizeOf("managed"));
    const held = all.resources.filter(({ options }) => options.protect || options.retainOnDelete);
    expect(held.map(({ path }) => path)).to.deep.equal(["redis/cluster"]);
  });

  it("has a parameter group for its family, with cluster mode and without eviction", async () => {
    expect((await run(sizeOf("managed"))).inputs("redis/parameters-valkey8")).to.deep.equal({
      family: "valkey8",
      description: "Cluster mode without eviction",
      parameters: [
        { name: "cluster-enabled", value: "yes" },
        { name: "maxmemory-policy", value: "noeviction" },
      ],
    });
  });

  it("lives in the private subnets and opens to the cluster only", async () => {
    const all = await run(sizeOf("managed"));
    expect(all.inputs("redis/subnets").subnetIds).to.deep.equal(["subnet-a", "subnet-b", "subnet-c"]);
    const group = all.inputs("redis/access");
    expect(group.vpcId).to.equal("vpc-1");
    expect(group).not.to.have.any.keys("ingress", "egress");
    expect(all.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")).to.have.lengthOf(1);
    expect(all.ofType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")).to.deep.equal([]);
    const { securityGroupId, ...rule } = all.inputs("redis/access-from-eks");
    expect(securityGroupId).to.match(/^sg-/);
    expect(rule).to.deep.equal({
      referencedSecurityGroupId: "sg-cluster",
      ipProtocol: "tcp",
      fromPort: 6379,
      toPort: 6379,
      description: "Redis, from the cluster",
    });
  });

  it("spreads over zones as soon as there is a replica, unless the size says otherwise", async () => {
    const multiAz = async (size: Partial<RedisSize["managed"]>) =>
      (await run(sizeOf("managed", size))).inputs("redis/cluster").multiAzEnabled;
    expect(await multiAz({ replicasPerShard: 1 })).to.equal(true);
    expect(await multiAz({ replicasPerShard: 1, multiAz: false })).to.equal(false);
  });

  for (const [from, to, properties] of [
    ["startup", "growth", ["snapshotRetentionLimit"]],
    ["growth", "scale", ["nodeType", "numNodeGroups", "snapshotRetentionLimit"]],
    ["scale", "growth", ["nodeType", "numNodeGroups", "snapshotRetentionLimit"]],
    ["growth", "startup", ["snapshotRetentionLimit"]],
  ] as const) {
    it(`changes in place from ${from} to ${to}, and nothing else changes`, async () => {
      const resources = async (step: string) => (await run(steps[step] as RedisSize)).resources;
      const changes = changesBetween(await resources(from), await resources(to));
      expect(
        changes.map(({ path, action, properties }) => ({
          path,
          action,
          properties: properties.map(({ property }) => property),
        })),
      ).to.deep.equal([{ path: "redis/cluster", action: "update", properties }]);
    });
  }
});

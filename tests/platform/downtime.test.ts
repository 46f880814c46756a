import { expect } from "chai";
import durations from "../../planner/catalogues/durations.json";
import { interruptionBy, interruptions, lastsText, longInterruptions } from "../../platform/downtime";
import { tiers } from "../../tiers";

const database = "aws:rds/instance:Instance";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const distribution = "aws:cloudfront/distribution:Distribution";

const effectOf = (type: string, changed: string[], before = {}, after = before) => {
  const found = interruptionBy(type, changed, before, after);
  return found && `${found.effect}: ${lastsText(found)}`;
};

describe("downtime", () => {
  it("comes with another class of the database, less with a standby before and after", () => {
    expect(effectOf(database, ["instanceClass"])).to.equal("RDS restarts the database at once: up to 10 minutes");
    expect(effectOf(database, ["instanceClass"], { multiAz: false }, { multiAz: true })).to.equal(
      "RDS restarts the database at once: up to 10 minutes",
    );
    expect(effectOf(database, ["instanceClass"], { multiAz: true })).to.equal(
      "RDS fails over to the standby at once: up to 2 minutes",
    );
    expect(effectOf(database, ["engineVersion", "instanceClass"], { multiAz: true })).to.equal(
      "RDS stops the database for the upgrade, with a standby too: up to 12 minutes",
    );
    expect(effectOf(database, ["instanceClass"], { replicateSourceDb: "primary" })).to.equal(
      "RDS restarts the replica at once, and it answers no reads: up to 12 minutes",
    );
  });

  it("does not come with more storage, a standby or longer backups", () => {
    expect(effectOf(database, ["allocatedStorage", "backupRetentionPeriod", "multiAz"])).to.equal(undefined);
  });

  it("comes with any change of the k3s node but that of a description", () => {
    const effect = "the k3s node is replaced, and all that runs on it is down until the new one is up: up to 4 minutes";
    expect(effectOf(template, ["userData"])).to.equal(effect);
    expect(effectOf("aws:autoscaling/group:Group", ["mixedInstancesPolicy"])).to.equal(effect);
    expect(effectOf(template, ["description", "tags"])).to.equal(undefined);
    expect(effectOf("aws:autoscaling/group:Group", ["healthCheckGracePeriod"])).to.equal(undefined);
  });

  it("comes on the way back to a k3s node, not on the way to EKS", () => {
    const [eks, node] = [{ origins: [{ vpcOriginConfig: {} }] }, { origins: [{ customOriginConfig: {} }] }];
    expect(effectOf(distribution, ["origins"], eks, node)).to.equal(
      "CloudFront is pointed at the node before the application runs there: up to 5 minutes",
    );
    expect(effectOf(distribution, ["origins"], node, eks)).to.equal(undefined);
    expect(effectOf(distribution, ["origins"], eks, eks)).to.equal(undefined);
  });

  it("is only of seconds with another node of the cache, or of a store's pod", () => {
    expect(effectOf("aws:elasticache/replicationGroup:ReplicationGroup", ["nodeType"])).to.equal(
      "ElastiCache stays online, but its shards fail over and connections break: seconds",
    );
    expect(effectOf("kubernetes:apps/v1:StatefulSet", ["spec"])).to.equal("its only pod restarts: seconds");
  });

  it("has a source for each change, and names each once", () => {
    for (const { source, change } of interruptions) expect(source, change).to.match(/^https:\/\/|^`\w/);
    const changes = interruptions.map(({ change }) => change);
    expect(new Set(changes).size).to.equal(changes.length);
  });

  it("lasts no longer than the whole change is expected to take", () => {
    const types: Record<string, { source: string; properties?: Record<string, number> } | undefined> = durations.types;
    const known = interruptions.flatMap(({ type, properties, minutes, change }) => {
      const changes = properties === "any" ? [] : properties.flatMap((one) => types[type]?.properties?.[one] ?? []);
      return changes.length > 0 ? [{ change, minutes, most: Math.max(...changes) }] : [];
    });
    expect(known.length).to.be.at.least(5);
    for (const { change, minutes, most } of known) expect(minutes, change).to.be.at.most(most);
  });

  it("is named to the stacks that can meet it", () => {
    const node = [
      "another image, version or task of the k3s node",
      "another instance type or capacity of the k3s node",
    ];
    const rds = [
      "another engine version of RDS",
      "another instance class of RDS",
      "another certificate authority of RDS",
    ];
    expect(longInterruptions(tiers.mvp)).to.deep.equal(node);
    expect(longInterruptions(tiers.startup)).to.deep.equal([...rds, ...node]);
    // Growth has a read replica: without it only reads stop.
    expect(longInterruptions(tiers.growth)).to.deep.equal([...rds, "the way back from EKS to a k3s node"]);
    expect(longInterruptions(tiers.scale)).to.include("another instance class of RDS with Multi-AZ");
    expect(longInterruptions({ ...tiers.mvp, target: { kind: "existing" } })).to.deep.equal([]);
  });
});

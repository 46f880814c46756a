import { expect } from "chai";
import { AwsStores, isManaged, nameOf } from "../../../ops/account/managed-stores";
import type { Aws } from "../../../planner/preflight/aws";

/** Clients whose operations are asked for by name. Each answers what is given, or is refused. */
function clients(answers: Record<string, unknown>) {
  const asked: [operation: string, input: unknown][] = [];
  const client = new Proxy(
    {},
    {
      get: (_, operation: string) => async (input: unknown) => {
        asked.push([operation, input]);
        if (answers[operation] instanceof Error) throw answers[operation];
        return answers[operation] ?? {};
      },
    },
  );
  const aws = { rds: () => client, elastiCache: () => client } as unknown as Pick<Aws, "rds" | "elastiCache">;
  return { asked, stores: new AwsStores("us-east-1", () => aws) };
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "nothing",
    (error: Error) => error.message,
  );

describe("the stores that AWS runs", () => {
  it("are found by their addresses, in each of the forms", () => {
    const rds = "shop-1.abc.us-east-1.rds.amazonaws.com:5432";
    expect(nameOf(rds)).to.equal("shop-1");
    expect(nameOf("master.shop-2.abc.use1.cache.amazonaws.com:6379")).to.equal("shop-2");
    expect(nameOf("clustercfg.shop-3.abc.use1.cache.amazonaws.com")).to.equal("shop-3");
    expect([isManaged(rds), isManaged("postgres.data.svc.cluster.local:5432")]).to.deep.equal([true, false]);
  });

  it("are described: status, standby, shards", async () => {
    const single = { NodeGroupId: "0002", NodeGroupMembers: [{}] };
    const double = { NodeGroupId: "0001", NodeGroupMembers: [{}, {}] };
    const group = (...NodeGroups: object[]) => ({
      ReplicationGroups: [{ Status: "available", AutomaticFailover: "enabled", NodeGroups }],
    });
    const { stores, asked } = clients({
      describeDBInstances: { DBInstances: [{ DBInstanceStatus: "available", MultiAZ: true }] },
      describeReplicationGroups: group(double),
    });
    expect(await stores.find("postgres", "shop")).to.deep.equal({ status: "available", standby: true, shards: [] });
    expect(await stores.find("redis", "shop")).to.deep.equal({
      status: "available",
      standby: true,
      shards: ["0001"],
    });
    expect(asked).to.deep.equal([
      ["describeDBInstances", { DBInstanceIdentifier: "shop" }],
      ["describeReplicationGroups", { ReplicationGroupId: "shop" }],
    ]);
    // A shard without a replica has nobody to take over.
    const lone = clients({ describeReplicationGroups: group(double, single) }).stores;
    expect((await lone.find("redis", "shop")).standby).to.equal(false);
  });

  it("fail over with the one request of each, and tell their events since", async () => {
    const { stores, asked } = clients({ describeEvents: { Events: [{ Message: "a" }, {}, { Message: "b" }] } });
    await stores.failOver("postgres", "shop", undefined);
    await stores.failOver("redis", "shop", "0001");
    expect(await stores.events("postgres", "shop", 0)).to.deep.equal(["a", "b"]);
    await stores.events("redis", "shop", 0);
    const since = { SourceIdentifier: "shop", StartTime: new Date(0) };
    expect(asked).to.deep.equal([
      ["rebootDBInstance", { DBInstanceIdentifier: "shop", ForceFailover: true }],
      ["testFailover", { ReplicationGroupId: "shop", NodeGroupId: "0001" }],
      ["describeEvents", { ...since, SourceType: "db-instance" }],
      ["describeEvents", { ...since, SourceType: "replication-group" }],
    ]);
  });

  it("have copies of backups in another region, until the latest time of any", async () => {
    const [early, late] = [new Date(1_000), new Date(2_000)];
    const { stores, asked } = clients({
      describeDBInstanceAutomatedBackups: {
        DBInstanceAutomatedBackups: [
          { RestoreWindow: { LatestTime: late } },
          { RestoreWindow: { LatestTime: early } },
          {},
        ],
      },
    });
    expect(await stores.copiedUntil("shop", "us-west-2")).to.equal(2_000);
    expect(asked).to.deep.equal([["describeDBInstanceAutomatedBackups", { DBInstanceIdentifier: "shop" }]]);
    expect(await clients({}).stores.copiedUntil("shop", "us-west-2")).to.equal(undefined);
  });

  it("are told in one line where AWS refuses, or no stack says the region", async () => {
    const refused = Object.assign(new Error("You can't reboot it now"), {
      name: "InvalidDBInstanceState",
      $metadata: {},
    });
    const { stores } = clients({ rebootDBInstance: refused });
    expect(await refusal(stores.failOver("postgres", "shop", undefined))).to.equal(
      "RDS in us-east-1: given a request that it refuses (InvalidDBInstanceState: You can't reboot it now); allowed: what your " +
        "rights and the store's state allow; fix: check aws sts get-caller-identity, and the store in the console",
    );
    expect(await refusal(new AwsStores(undefined).find("redis", "shop"))).to.equal(
      "ElastiCache: given no region; allowed: a stack; fix: name it with -s",
    );
  });
});

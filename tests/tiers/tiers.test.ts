import { expect } from "chai";
import fc from "fast-check";
import { type TierSpec, tierNames, tiers } from "../../tiers";
import { nodeCapacity } from "../../tiers/capacity";
import { connectionBudget, headroomOf, maxConnectionsOf } from "../../tiers/connections";
import { sizes } from "../../tiers/sizes";

const pairs = tierNames.slice(1).map((name, at) => [tierNames[at] as (typeof tierNames)[number], name] as const);

/** Sizes that must not fall from a tier to the next, by name. */
function measures(spec: TierSpec): Record<string, number> {
  const { postgres, pgbouncer, redis, app, workers, load } = spec;
  const database = sizes.database(postgres.managed.instanceClass);
  const cache = sizes.cacheNode(redis.managed.nodeType);
  return {
    requestsPerMinute: load.requestsPerMinute,
    queriesPerSecond: load.queriesPerSecond,
    budget: spec.budgetUsd.to,
    dataVolume: spec.dataVolumeGiB,
    inClusterStorage: postgres.cluster.storageGiB,
    inClusterRedisStorage: redis.cluster.storageGiB,
    storage: postgres.managed.storageGiB,
    maxStorage: postgres.managed.maxStorageGiB,
    databaseMemory: database?.memoryGiB ?? 0,
    databaseReplicas: postgres.managed.replicas,
    backupDays: postgres.managed.backupRetentionDays,
    cacheMemory: (cache?.memoryGiB ?? 0) * redis.managed.shards,
    cacheReplicas: redis.managed.replicasPerShard,
    snapshotDays: redis.managed.snapshotRetentionDays,
    clients: pgbouncer.replicas * pgbouncer.maxClientConnections,
    appPods: app.maxReplicas,
    appMinPods: app.minReplicas,
    appMemory: app.container.memoryMiB,
    workerPods: workers.maxReplicas,
  };
}

describe("tiers", () => {
  for (const [from, to] of pairs) {
    it(`nothing shrinks from ${from} to ${to}`, () => {
      const before = measures(tiers[from]);
      const after = measures(tiers[to]);
      const smaller = Object.keys(before).filter((name) => (after[name] ?? 0) < (before[name] ?? 0));
      expect(smaller).to.deep.equal([]);
    });
  }

  it("keeps the old place of data wherever the place changes", () => {
    for (const [from, to] of pairs) {
      if (tiers[from].postgres.place !== tiers[to].postgres.place) expect(tiers[to].keep.clusterStores).to.equal(true);
      if (tiers[from].target.kind !== tiers[to].target.kind) expect(tiers[to].keep.nodeState).to.equal(true);
    }
  });

  for (const name of tierNames) {
    const spec = tiers[name];
    const maxConnections = maxConnectionsOf(spec.postgres) as number;

    it(`${name}: connections hold at every pod's maximum`, () => {
      const budget = connectionBudget(spec.postgres, spec.pgbouncer, maxConnections);
      expect(budget.poolSize).to.be.at.least(1);
      expect(budget.serverConnectionsAtMost).to.be.at.most(maxConnections - headroomOf(maxConnections));
      // "Fewer than 100 database connections at peak", and at Scale 10,000 clients on 100.
      expect(budget.serverConnections).to.be.at.most(100);
    });

    it(`${name}: requests fit the nodes, system pods included`, () => {
      const fit = nodeCapacity(spec, 1);
      for (const pool of fit) {
        expect(pool.cpuMillicores.requested, `${pool.pool} CPU`).to.be.at.most(pool.cpuMillicores.allocatable);
        expect(pool.memoryMiB.requested, `${pool.pool} memory`).to.be.at.most(pool.memoryMiB.allocatable);
      }
      expect(fit.map((pool) => pool.pool)).to.deep.equal(
        spec.target.kind === "k3s"
          ? ["node"]
          : spec.target.kind === "eks" && spec.target.spot
            ? ["general", "spot"]
            : ["general"],
      );
    });
  }

  it("carries the guides' figures", () => {
    expect(tiers.mvp.load).to.deep.equal({ requestsPerMinute: 1000, queriesPerSecond: 50, concurrentUsers: 50 });
    expect(tiers.startup.load).to.deep.equal({ requestsPerMinute: 5000, queriesPerSecond: 200, concurrentUsers: 200 });
    expect(tiers.growth.load).to.deep.equal({ requestsPerMinute: 20000, queriesPerSecond: 500, concurrentUsers: 1000 });
    const { maxClientConnections, replicas } = tiers.scale.pgbouncer;
    expect(maxClientConnections * (replicas - 1)).to.equal(10000);
    expect([tiers.scale.app.minReplicas, tiers.scale.app.maxReplicas]).to.deep.equal([2, 10]);
    expect(tiers.growth.workers).to.deep.include({ minReplicas: 1, maxReplicas: 5, queueHigh: 100 });
  });
});

describe("connectionBudget", () => {
  it("never exceeds the database, whatever the sizes", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 50, max: 5000 }),
        fc.integer({ min: 10, max: 2000 }),
        fc.integer({ min: 0, max: 3 }),
        (replicas, reservePoolSize, maxConnections, serverConnections, readReplicas) => {
          const { postgres, pgbouncer } = tiers.growth;
          const budget = connectionBudget(
            { ...postgres, managed: { ...postgres.managed, replicas: readReplicas } },
            { ...pgbouncer, replicas, reservePoolSize, serverConnections },
            maxConnections,
          );
          if (budget.poolSize < 1) return;
          expect(budget.serverConnectionsAtMost).to.be.at.most(maxConnections - headroomOf(maxConnections));
          expect(budget.poolSize).to.be.at.most(budget.largestPoolSize);
        },
      ),
    );
  });

  it("counts both pools on the primary where there is no replica", () => {
    const { postgres, pgbouncer } = tiers.startup;
    expect(connectionBudget(postgres, pgbouncer, 198)).to.deep.equal({
      maxConnections: 198,
      headroom: 20,
      podsAtMost: 2,
      poolsPerPod: 2,
      poolSize: 41,
      reservePoolSize: 3,
      largestPoolSize: 41,
      serverConnections: 88,
      serverConnectionsAtMost: 176,
      clientConnections: 2000,
    });
  });
});

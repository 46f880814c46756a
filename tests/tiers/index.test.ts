import { expect } from "chai";
import { type TierSpec, tierNames, tiers } from "../../tiers";
import { connectionBudget, headroomOf, maxConnectionsOf } from "../../tiers/connections";
import { sizes } from "../../tiers/sizes";

const pairs = tierNames.slice(1).map((name, at) => [tierNames[at] as (typeof tierNames)[number], name] as const);

/** Sizes that must not fall from a tier to the next, by name. */
function measures(spec: TierSpec): Record<string, number> {
  const { postgres, pgbouncer, redis, app, workers } = spec;
  const database = sizes.database(postgres.managed.instanceClass);
  const cache = sizes.cacheNode(redis.managed.nodeType);
  return {
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

  /** AWS cannot shrink them, and a move down keeps the tier's own size (docs/adr/0002-sizes-and-budgets.md). */
  it("has one size of what no move down may shrink", () => {
    for (const tier of tierNames)
      expect({
        dataVolumeGiB: tiers[tier].dataVolumeGiB,
        maxStorageGiB: tiers[tier].postgres.managed.maxStorageGiB,
      }).to.deep.equal({ dataVolumeGiB: 10, maxStorageGiB: 500 });
  });

  it("keeps the old place of data wherever the place changes", () => {
    for (const [from, to] of pairs)
      if (tiers[from].postgres.place !== tiers[to].postgres.place) expect(tiers[to].keep.clusterStores).to.equal(true);
  });

  it("keeps the state of no node that a fresh stack never had", () => {
    expect(tierNames.filter((tier) => tiers[tier].keep.nodeState)).to.deep.equal([]);
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
  }

  it("carries the figures of the product", () => {
    expect(tiers.mvp.load).to.deep.equal({ requestsPerMinute: 1000, queriesPerSecond: 50, concurrentUsers: 50 });
    expect(tiers.startup.load).to.deep.equal({ requestsPerMinute: 5000, queriesPerSecond: 200, concurrentUsers: 200 });
    expect(tiers.scale.load).to.deep.equal({ clientConnections: 10000 });
    expect(tiers.growth.load).to.deep.equal({ requestsPerMinute: 20000, queriesPerSecond: 500, concurrentUsers: 1000 });
    const { maxClientConnections, replicas } = tiers.scale.pgbouncer;
    expect(maxClientConnections * (replicas - 1)).to.equal(10000);
    expect([tiers.scale.app.minReplicas, tiers.scale.app.maxReplicas]).to.deep.equal([2, 10]);
    expect(tiers.growth.workers).to.deep.include({ minReplicas: 1, maxReplicas: 5, queueHigh: 100 });
  });
});

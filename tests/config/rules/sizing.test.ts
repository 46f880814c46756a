import { expect } from "chai";
import { onAws, onExisting, problemsOf } from "../../support/settings";

/** Bad input, each with the one message it gets. */
const bad: [what: string, input: object, message: string][] = [
  [
    "shrinking storage",
    { ...onAws, tier: "scale", postgres: { storageGiB: 20 } },
    "tierstack:postgres.storageGiB: given 20 GiB; allowed: 50 GiB or more: storage cannot shrink, and tier scale has 50; " +
      "fix: remove postgres.storageGiB, or raise it",
  ],
  [
    "a shrinking data volume",
    { ...onAws, tier: "startup", nodes: { dataVolumeGiB: 8 } },
    "tierstack:nodes.dataVolumeGiB: given 8 GiB; allowed: 10 GiB or more: storage cannot shrink, and tier startup has 10; " +
      "fix: remove nodes.dataVolumeGiB, or raise it",
  ],
  [
    "a store that outgrows the node's disk",
    { ...onAws, tier: "mvp", postgres: { storageGiB: 6 } },
    "tierstack:nodes.dataVolumeGiB: given 10 GiB for k3s and images 3, postgres.storageGiB 6, redis.storageGiB 1; allowed: " +
      "12 GiB or more: their sum, and a tenth of the volume that stays free; fix: set nodes.dataVolumeGiB to 12, or, " +
      "before the first deployment, lower postgres.storageGiB or redis.storageGiB",
  ],
  [
    "observability and logs without a larger disk",
    { ...onAws, tier: "startup", observability: { enabled: true, logsGiB: 3 } },
    "tierstack:nodes.dataVolumeGiB: given 10 GiB for k3s and images 3, postgres.storageGiB 3, redis.storageGiB 1, images of " +
      "observability 4, observability.metricsGiB 1, observability.logsGiB 3; allowed: 17 GiB or more: their sum, and a tenth " +
      "of the volume that stays free; fix: set nodes.dataVolumeGiB to 17, or, before the first deployment, lower postgres.storageGiB or " +
      "redis.storageGiB or observability.metricsGiB or observability.logsGiB",
  ],
  [
    "a storage limit less than 10 % above the storage",
    { ...onAws, tier: "growth", postgres: { storageGiB: 100, maxStorageGiB: 109 } },
    "tierstack:postgres.maxStorageGiB: given 109 GiB; allowed: 110 GiB or more: 10 % above postgres.storageGiB (100); " +
      "fix: raise postgres.maxStorageGiB, or remove it",
  ],
  [
    "Multi-AZ without a replica",
    { ...onAws, tier: "growth", redis: { multiAz: true, replicasPerShard: 0 } },
    "tierstack:redis.multiAz: given true, with redis.replicasPerShard 0; allowed: true only with a replica; " +
      "fix: raise redis.replicasPerShard, or remove redis.multiAz",
  ],
  [
    "a pool larger than the database allows",
    { ...onAws, tier: "growth", pgbouncer: { poolSize: 200 } },
    "tierstack:pgbouncer.poolSize: given 200; allowed: 1 to 40: 4 pods in a rollout x (2 pools x (pool + 3) + 5 sessions) must fit " +
      "413 - 42; " +
      "fix: lower pgbouncer.poolSize or pgbouncer.replicas, or choose a larger postgres.instanceClass",
  ],
  [
    "more PgBouncer pods than the database has connections for",
    { ...onAws, tier: "startup", app: { maxReplicas: 1 }, pgbouncer: { replicas: 20, reservePoolSize: 10 } },
    "tierstack:pgbouncer.replicas: given 20 pods with a reserve of 10 and 5 sessions; allowed: as many as the database's connections " +
      "allow: 40 pods in a rollout x (2 pools x (pool + 10) + 5 sessions) must fit 198 - 20; fix: lower pgbouncer.replicas, " +
      "pgbouncer.reservePoolSize or pgbouncer.sessionPoolSize, or choose a larger postgres.instanceClass",
  ],
  [
    "more nodes of Redis than AWS allows",
    { ...onAws, tier: "scale", redis: { shards: 90, replicasPerShard: 5 } },
    "tierstack:redis.shards: given 90 shards with 5 replicas each, 540 nodes; allowed: at most 90 nodes: shards x (1 + " +
      "redis.replicasPerShard), the quota of AWS for a cluster; fix: lower redis.shards or redis.replicasPerShard",
  ],
  [
    "a reserve that leaves no pool",
    { ...onAws, tier: "scale", pgbouncer: { reservePoolSize: 50 } },
    "tierstack:pgbouncer.reservePoolSize: given 50, with 5 sessions; allowed: a reserve that leaves room for a pool within 100 connections; " +
      "fix: lower pgbouncer.reservePoolSize, pgbouncer.sessionPoolSize or pgbouncer.replicas, or set pgbouncer.poolSize",
  ],
  [
    "a minimum of pods above the maximum",
    { ...onAws, app: { minReplicas: 5 } },
    "tierstack:app.minReplicas: given minReplicas 5, maxReplicas 2; allowed: minReplicas no larger than maxReplicas; " +
      "fix: set both app.minReplicas and app.maxReplicas",
  ],
  [
    "an unknown instance class",
    { ...onAws, tier: "growth", postgres: { instanceClass: "db.x9z.huge" } },
    'tierstack:postgres.instanceClass: given "db.x9z.huge"; allowed: db.t4g.micro, db.t4g.small, db.t4g.medium, ' +
      "db.t4g.large, db.m7g.large, db.r7g.large; fix: choose a size of tiers/catalogues/aws-sizes.json, or add " +
      "db.x9z.huge there with its source",
  ],
  [
    "a node too small for Auto Mode",
    { ...onAws, tier: "growth", nodes: { instanceTypes: ["t4g.small"] } },
    'tierstack:nodes.instanceTypes[0]: given "t4g.small"; allowed: t4g.medium, t4g.large, t4g.xlarge, m7g.large, ' +
      "m7g.xlarge, c7g.large, c7g.xlarge, r7g.large; fix: choose a size of tiers/catalogues/aws-sizes.json, or add " +
      "t4g.small there with its source",
  ],
];

describe("rules about sizes", () => {
  for (const [what, input, message] of bad)
    it(`refuses ${what}`, () => {
      expect(problemsOf(input)).to.deep.equal([message]);
    });

  it("accepts a storage limit exactly 10 % above the storage", () => {
    for (const [storageGiB, maxStorageGiB] of [
      [100, 110],
      [50, 55],
      [101, 112],
    ])
      expect(problemsOf({ ...onAws, tier: "growth", postgres: { storageGiB, maxStorageGiB } })).to.deep.equal([]);
    expect(problemsOf({ ...onAws, tier: "growth", postgres: { storageGiB: 101, maxStorageGiB: 111 } })).to.have.length(
      1,
    );
  });

  it("accepts the smallest disk that fits, and asks nothing of a cluster whose volumes are disks", () => {
    const observability = { enabled: true, logsGiB: 3 };
    const startup = { ...onAws, tier: "startup" as const, observability };
    expect(problemsOf({ ...startup, nodes: { dataVolumeGiB: 17 } })).to.deep.equal([]);
    expect(problemsOf({ ...startup, nodes: { dataVolumeGiB: 16 } })).to.have.length(1);
    expect(problemsOf({ ...onAws, tier: "growth", observability: { enabled: true, logsGiB: 300 } })).to.deep.equal([]);
    expect(problemsOf({ ...onExisting, postgres: { storageGiB: 300 } })).to.deep.equal([]);
  });

  it("accepts the tier's own storage", () => {
    expect(problemsOf({ ...onAws, tier: "scale", postgres: { storageGiB: 50 } })).to.deep.equal([]);
    expect(problemsOf({ ...onAws, tier: "startup", nodes: { dataVolumeGiB: 10 } })).to.deep.equal([]);
  });

  it("accepts a minimum of pods that equals the maximum", () => {
    expect(problemsOf({ ...onAws, app: { minReplicas: 2, maxReplicas: 2 } })).to.deep.equal([]);
    expect(problemsOf({ ...onAws, workers: { maxReplicas: 1 } })).to.deep.equal([]);
  });

  it("accepts a small type on k3s, which EKS does not start", () => {
    expect(problemsOf({ ...onAws, tier: "mvp", nodes: { instanceTypes: ["t4g.small"] } })).to.deep.equal([]);
    const [problem] = problemsOf({ ...onAws, tier: "scale", nodes: { spotInstanceTypes: ["c7g.large", "t4g.small"] } });
    expect(problem).to.match(/^tierstack:nodes\.spotInstanceTypes\[1\]: given "t4g\.small"; allowed: t4g\.medium, /);
  });

  it("refuses an unknown node type of ElastiCache", () => {
    const [problem] = problemsOf({ ...onAws, tier: "growth", redis: { nodeType: "cache.x9z.huge" } });
    expect(problem).to.match(/^tierstack:redis\.nodeType: given "cache\.x9z\.huge"; allowed: cache\.t4g\.micro, /);
  });

  it("blames the end of a range that is set", () => {
    const where = (app: object) => problemsOf({ ...onAws, app }).map((problem) => problem.split(":")[1]);
    expect(where({ minReplicas: 5 })).to.deep.equal(["app.minReplicas"]);
    expect(where({ minReplicas: 2, maxReplicas: 1 })).to.deep.equal(["app.minReplicas"]);
    expect(
      problemsOf({ ...onAws, tier: "growth", app: { maxReplicas: 1 } }).map((one) => one.split(":")[1]),
    ).to.deep.equal(["app.maxReplicas"]);
  });
});

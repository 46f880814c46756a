import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { resolveSpec } from "../../../config/resolve";
import { capacityOf } from "../../../planner/capacity/capacity";
import { assumedCoefficients, type CoefficientName } from "../../../planner/capacity/coefficients";
import type { CarriedLoad } from "../../../planner/capacity/types";
import { type Tier, type TierSpec, tierNames, tiers } from "../../../tiers";
import { onExisting, settingsOf } from "../../support/settings";

const workload = { queues: [{}] };

const carried = (spec: TierSpec, more = workload) => capacityOf(spec, more);

/** Coefficients with other values in every case. */
const withValues = (values: Partial<Record<CoefficientName, number>>) => ({
  ...assumedCoefficients,
  coefficients: Object.fromEntries(
    Object.entries(assumedCoefficients.coefficients).map(([name, one]) => {
      const value = values[name as CoefficientName];
      return [name, value === undefined ? one : { ...one, low: value, expected: value, high: value }];
    }),
  ) as typeof assumedCoefficients.coefficients,
});

const app = (spec: TierSpec, maxReplicas: number): TierSpec => ({ ...spec, app: { ...spec.app, maxReplicas } });
const postgres = (spec: TierSpec, managed: Partial<TierSpec["postgres"]["managed"]>): TierSpec => ({
  ...spec,
  postgres: { ...spec.postgres, managed: { ...spec.postgres.managed, ...managed } },
});
const poolSize = (spec: TierSpec, size: number): TierSpec => ({
  ...spec,
  pgbouncer: { ...spec.pgbouncer, poolSize: size },
});
const shards = (spec: TierSpec, count: number): TierSpec => ({
  ...spec,
  redis: { ...spec.redis, managed: { ...spec.redis.managed, shards: count } },
});
const workers = (spec: TierSpec, maxReplicas: number): TierSpec => ({
  ...spec,
  workers: { ...spec.workers, maxReplicas },
});

/** Instance classes, each with no fewer CPUs and connections than the one before. */
const classes = ["db.t4g.micro", "db.t4g.small", "db.t4g.medium", "db.t4g.large", "db.r7g.large"];

/** A limit of the expected case, in requests a minute. */
const limit = (spec: TierSpec, resource: string) =>
  carried(spec).limits.find((one) => one.resource === resource)?.requestsPerMinute ?? Number.NaN;

describe("capacity", () => {
  for (const tier of tierNames)
    it(`of ${tier} is what the tier must carry, and low and high lie around it`, () => {
      const { low, high, missed, ...expected } = carried(tiers[tier]);
      expect(missed).to.deep.equal([]);
      for (const figure of ["requestsPerMinute", "queriesPerSecond", "concurrentUsers", "jobsPerMinute"] as const) {
        expect(low[figure], figure).to.be.above(0).and.at.most(expected[figure]);
        expect(high[figure], figure).to.be.at.least(expected[figure]);
      }
    });

  it("grows from tier to tier", () => {
    const figures = tierNames.map((tier) => carried(tiers[tier]));
    for (const figure of ["requestsPerMinute", "queriesPerSecond", "concurrentUsers", "jobsPerMinute"] as const)
      for (const at of [1, 2, 3])
        expect(figures[at]?.[figure], `${figure} of ${tierNames[at]}`).to.be.above(figures[at - 1]?.[figure] as number);
  });

  it("is the available CPU at its target, divided by the demand", () => {
    const file = withValues({ applicationCpuMs: 2, applicationSigma: 0, applicationKappa: 0, cpuTarget: 0.7 });
    const { bottleneck, requestsPerMinute } = capacityOf(tiers.growth, workload, file);
    // 3 pods of one thread at 70 %, 2 ms a request.
    expect(requestsPerMinute).to.equal(63000);
    expect(bottleneck).to.deep.equal({
      path: "app/deployment",
      resource: "CPU of the application",
      requestsPerMinute: 63000,
      raisedBy: ["app.maxReplicas"],
    });
  });

  it("keeps connections busy for the rate times the time of a query", () => {
    const values = { queryHoldMs: 50, connectionsSigma: 0, connectionsKappa: 0, cacheHitRate: 0, replicaReads: 0 };
    const file = withValues({ ...values, readsPerRequest: 1, writesPerRequest: 1 });
    const pool = capacityOf(poolSize(tiers.growth, 17), workload, file).limits.find(
      ({ resource }) => resource === "connections of the pool app",
    );
    // 2 pods x (17 + 3) connections at 80 %, two queries of 50 ms a request.
    expect(pool?.requestsPerMinute).to.equal(19200);
  });

  it("has users who wait and think, as many as Redis has memory for", () => {
    const few = capacityOf(tiers.growth, workload, withValues({ thinkSeconds: 1 })).concurrentUsers;
    expect(carried(tiers.growth).concurrentUsers).to.be.above(few);
    const memory = withValues({ redisKiBPerUser: 1024, memoryTarget: 0.5 });
    expect(capacityOf(tiers.growth, workload, memory).concurrentUsers).to.equal(192);
  });

  it("names what is missed where the sizes do not carry the tier's load", () => {
    const { missed, bottleneck } = capacityOf(tiers.growth, workload, withValues({ applicationCpuMs: 20 }));
    expect(missed).to.deep.equal(["requestsPerMinute", "concurrentUsers"]);
    expect(bottleneck.resource).to.equal("CPU of the application");
    const narrow = { ...tiers.scale, pgbouncer: { ...tiers.scale.pgbouncer, maxClientConnections: 1000 } };
    expect(carried(narrow).missed).to.deep.equal(["clientConnections"]);
    expect(carried(tiers.scale).serverConnections).to.be.at.most(100);
  });

  it("counts the baseline of a node with limited credits, unless they last", () => {
    const { mvp } = tiers;
    const unlimited = { ...mvp, target: { ...mvp.target, cpuCredits: "unlimited" as const } };
    const expected = carried(mvp).requestsPerMinute;
    expect(limit(unlimited as TierSpec, "CPU of the node")).to.be.above(4 * expected);
    expect(capacityOf(mvp, workload, withValues({ burst: 1 })).requestsPerMinute).to.equal(
      carried(unlimited as TierSpec).requestsPerMinute,
    );
    // Workers of the same node take what they request.
    expect(carried(mvp, { queues: [{}, {}] }).requestsPerMinute).to.be.below(expected);
  });

  it("counts a pod of an existing cluster with what it requests", () => {
    const spec = resolveSpec(settingsOf({ ...onExisting, tier: "mvp" }));
    expect(carried(spec).missed).to.deep.equal([]);
    const small = { ...spec, app: { ...spec.app, container: { ...spec.app.container, cpuMillicores: 10 } } };
    expect(carried(small).requestsPerMinute).to.be.below(carried(spec).requestsPerMinute);
    expect(carried(spec).limits.map(({ resource }) => resource)).to.not.include("disk of the database");
  });

  it("names settings that exist as what raises a limit", () => {
    const specs = [...tierNames.map((tier) => tiers[tier]), resolveSpec(settingsOf({ ...onExisting, tier: "mvp" }))];
    const named = specs.flatMap((spec) => carried(spec).limits.flatMap(({ raisedBy }) => raisedBy));
    const keys = readFileSync(join(__dirname, "../../../docs/configuration.md"), "utf8");
    for (const key of new Set(named)) expect(keys).to.contain(`\`${key}\``);
  });

  it("has no jobs without a queue, and those of every queue", () => {
    expect(carried(tiers.growth, { queues: [] }).jobsPerMinute).to.equal(0);
    expect(carried(tiers.growth, { queues: [{}, {}] }).jobsPerMinute).to.equal(2 * carried(tiers.growth).jobsPerMinute);
    const own = { queues: [{ cpuMillicores: 20 }] };
    expect(carried(tiers.growth, own).jobsPerMinute).to.be.below(carried(tiers.growth).jobsPerMinute);
  });

  it("moves with every lever, at the resource that the lever is of", () => {
    const { growth, scale } = tiers;
    const rises = (resource: string, before: TierSpec, after: TierSpec) =>
      expect(limit(after, resource), resource).to.be.above(limit(before, resource));
    rises("CPU of the application", growth, app(growth, 6));
    rises("CPU of the database", growth, postgres(growth, { replicas: 2 }));
    rises("CPU of a read replica", growth, postgres(growth, { replicas: 2 }));
    rises("disk of the database", growth, postgres(growth, { storageGiB: 400, maxStorageGiB: 500 }));
    const narrow = postgres(growth, { instanceClass: "db.t4g.micro" });
    rises("connections of the pool app", narrow, growth);
    rises("connections of the pool app", poolSize(growth, 2), poolSize(growth, 5));
    rises("CPU of Redis", scale, shards(scale, 5));
    expect(carried(workers(growth, 8)).jobsPerMinute).to.be.above(carried(growth).jobsPerMinute);
    expect(carried(shards(scale, 5)).redisMemoryMiB).to.be.above(carried(scale).redisMemoryMiB);
    expect(carried(app(growth, 2)).requestsPerMinute).to.be.below(carried(growth).requestsPerMinute);
  });

  it("never falls with more of a resource", () => {
    const figures = ["requestsPerMinute", "queriesPerSecond", "concurrentUsers", "jobsPerMinute"] as const;
    const levers: Record<string, (spec: TierSpec, amount: number) => TierSpec> = {
      app: (spec, amount) => app(spec, 1 + amount),
      class: (spec, amount) => postgres(spec, { instanceClass: classes[Math.min(4, 1 + amount)] as string }),
      replicas: (spec, amount) => postgres(spec, { replicas: amount % 6 }),
      poolSize: (spec, amount) => poolSize(postgres(spec, { instanceClass: "db.r7g.large" }), 1 + amount),
      shards: (spec, amount) => shards(spec, 1 + amount),
    };
    const check = (before: CarriedLoad, after: CarriedLoad, name: string) => {
      for (const figure of figures) expect(after[figure], `${name}: ${figure}`).to.be.at.least(before[figure]);
    };
    fc.assert(
      fc.property(
        fc.constantFrom<Tier>("startup", "growth", "scale"),
        fc.constantFrom(...Object.keys(levers)),
        fc.nat(5),
        fc.nat(5),
        (tier, name, one, other) => {
          const [few, many] = [Math.min(one, other), Math.max(one, other)];
          const lever = levers[name] as (typeof levers)[string];
          const [before, after] = [few, many].map((amount) => carried(lever(tiers[tier], amount)));
          check(before as CarriedLoad, after as CarriedLoad, name);
          check((before as { low: CarriedLoad }).low, (after as { low: CarriedLoad }).low, `${name}, low`);
        },
      ),
      { seed: 20261129, numRuns: 300 },
    );
    for (const tier of tierNames)
      expect(carried(workers(tiers[tier], 12)).jobsPerMinute).to.be.at.least(
        carried(workers(tiers[tier], 3)).jobsPerMinute,
      );
  });

  it("throws for sizes outside the catalogue, with what it has", () => {
    expect(() => carried(postgres(tiers.growth, { instanceClass: "db.x" }))).to.throw(
      RangeError,
      'postgres.instanceClass: given "db.x"; allowed: db.t4g.micro',
    );
    const redis = { ...tiers.growth.redis, managed: { ...tiers.growth.redis.managed, nodeType: "cache.x" } };
    expect(() => carried({ ...tiers.growth, redis })).to.throw(RangeError, 'redis.nodeType: given "cache.x"');
    const target = { kind: "k3s" as const, instanceTypes: ["x"], capacity: "spot" as const };
    expect(() => carried({ ...tiers.mvp, target })).to.throw(RangeError, 'nodes.instanceTypes: given "x"');
  });
});

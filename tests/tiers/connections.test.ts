import { expect } from "chai";
import fc from "fast-check";
import { type PgBouncerSize, type PostgresSize, tiers } from "../../tiers";
import { budgetOf, checkedBudget, connectionBudget, headroomOf } from "../../tiers/connections";

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
      rolloutPods: 2,
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

describe("checkedBudget", () => {
  const { postgres, pgbouncer } = tiers.growth;
  const problem = (sizes: Partial<PgBouncerSize>, database: Partial<PostgresSize["managed"]> = {}) => {
    const checked = checkedBudget(
      { ...postgres, managed: { ...postgres.managed, ...database } },
      { ...pgbouncer, ...sizes },
    );
    return "problem" in checked ? checked.problem : undefined;
  };

  it("is the budget where everything fits", () => {
    const checked = checkedBudget(postgres, pgbouncer);
    expect(checked).to.deep.equal({ budget: connectionBudget(postgres, pgbouncer, 413) });
    expect(budgetOf(tiers.growth)).to.deep.equal(connectionBudget(postgres, pgbouncer, 413));
  });

  it("takes a pool of one and a pool that fills the server, and nothing beyond", () => {
    expect(problem({ poolSize: 1 })).to.equal(undefined);
    expect(problem({ poolSize: 89 })).to.equal(undefined);
    expect(problem({ poolSize: 90 })).to.deep.include({ where: "pgbouncer.poolSize", given: "90" });
    expect(problem({ reservePoolSize: 49 })).to.equal(undefined);
    expect(problem({ reservePoolSize: 50 })).to.deep.equal({
      where: "pgbouncer.reservePoolSize",
      given: "50",
      allowed: "a reserve that leaves room for a pool within 100 connections",
      fix: "lower pgbouncer.reservePoolSize or pgbouncer.replicas, or set pgbouncer.poolSize",
    });
  });

  it("says when the pods alone are too many", () => {
    expect(problem({ replicas: 20, reservePoolSize: 10 })).to.deep.equal({
      where: "pgbouncer.replicas",
      given: "20 pods with a reserve of 10",
      allowed:
        "as many as the database's connections allow: 40 pods in a rollout x 1 pools x (pool + 10) must fit 413 - 42",
      fix: "lower pgbouncer.replicas or pgbouncer.reservePoolSize, or choose a larger postgres.instanceClass",
    });
  });

  it("knows no other instance class than the catalogue's", () => {
    expect(problem({}, { instanceClass: "db.x9z.nano" })).to.deep.include({
      where: "postgres.instanceClass",
      given: '"db.x9z.nano"',
    });
    expect(() =>
      budgetOf({
        pgbouncer,
        postgres: { ...postgres, managed: { ...postgres.managed, instanceClass: "db.x9z.nano" } },
      }),
    ).to.throw(RangeError, 'postgres.instanceClass: given "db.x9z.nano"; allowed: db.');
  });
});

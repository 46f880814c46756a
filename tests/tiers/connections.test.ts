import { expect } from "chai";
import fc from "fast-check";
import { type PgBouncerSize, type PostgresSize, tierNames, tiers } from "../../tiers";
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
        fc.integer({ min: 1, max: 50 }),
        (replicas, reservePoolSize, maxConnections, serverConnections, readReplicas, sessionPoolSize) => {
          const { postgres, pgbouncer } = tiers.growth;
          const budget = connectionBudget(
            { ...postgres, managed: { ...postgres.managed, replicas: readReplicas } },
            { ...pgbouncer, replicas, reservePoolSize, sessionPoolSize, serverConnections },
            maxConnections,
          );
          if (budget.poolSize < 1) return;
          expect(budget.serverConnectionsAtMost).to.be.at.most(maxConnections - headroomOf(maxConnections));
          expect(budget.poolSize).to.be.at.most(budget.largestPoolSize);
          expect(budget.serverConnections).to.be.at.most(serverConnections + replicas);
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
      poolSize: 39,
      reservePoolSize: 3,
      sessionPoolSize: 5,
      largestPoolSize: 39,
      serverConnections: 89,
      serverConnectionsAtMost: 178,
      clientConnections: 2000,
    });
  });

  it("counts a share of the reads where there are replicas, and all of them while these are gone", () => {
    const { postgres, pgbouncer } = tiers.growth;
    // 2 pods x (36 + 36 / 4 + 5), and 4 pods x (2 x 36 + 5).
    expect(connectionBudget(postgres, pgbouncer, 413)).to.deep.include({
      poolSize: 33,
      serverConnections: 100,
      serverConnectionsAtMost: 308,
    });
    // 3 pods x (24 + 24 / 7 rounded up + 5), and 6 pods x (2 x 24 + 5).
    expect(connectionBudget(tiers.scale.postgres, tiers.scale.pgbouncer, 856)).to.deep.include({
      poolSize: 21,
      serverConnections: 99,
      serverConnectionsAtMost: 318,
    });
  });

  it("keeps the clients of every tier", () => {
    const clients = tierNames.map((tier) => budgetOf(tiers[tier]).clientConnections);
    expect(clients).to.deep.equal([500, 2000, 5000, 15000]);
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
    expect(problem({ poolSize: 40 })).to.equal(undefined);
    expect(problem({ poolSize: 41 })).to.deep.include({ where: "pgbouncer.poolSize", given: "41" });
    expect(problem({ reservePoolSize: 35 })).to.equal(undefined);
    expect(problem({ reservePoolSize: 36 })).to.deep.equal({
      where: "pgbouncer.reservePoolSize",
      given: "36, with 5 sessions",
      allowed: "a reserve that leaves room for a pool within 100 connections",
      fix: "lower pgbouncer.reservePoolSize, pgbouncer.sessionPoolSize or pgbouncer.replicas, or set pgbouncer.poolSize",
    });
  });

  it("says when the pods alone are too many", () => {
    expect(problem({ replicas: 20, reservePoolSize: 10 })).to.deep.equal({
      where: "pgbouncer.replicas",
      given: "20 pods with a reserve of 10 and 5 sessions",
      allowed:
        "as many as the database's connections allow: 40 pods in a rollout x (2 pools x (pool + 10) + 5 sessions) must " +
        "fit 413 - 42",
      fix:
        "lower pgbouncer.replicas, pgbouncer.reservePoolSize or pgbouncer.sessionPoolSize, or choose a larger " +
        "postgres.instanceClass",
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

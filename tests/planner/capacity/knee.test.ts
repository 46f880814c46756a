import { expect } from "chai";
import fc from "fast-check";
import { predictKnee } from "../../../planner/capacity/knee";
import type { LoadTest } from "../../../planner/capacity/load-test";
import { relativeCapacity } from "../../../planner/capacity/usl";

type Point = LoadTest["points"][number];

/** Rates at shares of the most that a server carries. */
const shares = [0.15, 0.3, 0.45, 0.6, 0.75];

describe("the knee that levels below it predict", () => {
  it("is where the connections are all busy, within 15 % under noise of 3 %", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 200 }),
        fc.double({ min: 0.002, max: 0.2, noNaN: true }),
        fc.array(fc.double({ min: -0.03, max: 0.03, noNaN: true }), { minLength: 5, maxLength: 5 }),
        (size, seconds, noise) => {
          const most = size / seconds;
          const points = shares.map((share, at): Point => {
            const busy = share * size * (1 + (noise[at] ?? 0));
            const utilisation = { connections: busy / size, application: share / 3 };
            return { concurrency: busy + share * most * 0.01, throughput: share * most, utilisation };
          });
          const found = predictKnee({ points, sizes: { connections: size, application: 1 } });
          expect(found?.throughput).to.be.within(0.85 * most, 1.15 * most);
          expect(found?.binding).to.equal("connections");
        },
      ),
    );
  });

  it("is less than that where connections wait for each other: that of the law, from levels before it", () => {
    const law = { sigma: 0.05, kappa: 0.002 };
    const sizes = { connections: 40 };
    const busy = [1, 2, 4, 6, 9];
    const points = busy.map((n): Point => {
      const throughput = 20 * relativeCapacity(n, law);
      return { concurrency: n, throughput, utilisation: { connections: n / 40 } };
    });
    // The highest throughput is that of 21.8 connections, not of 40.
    const most = 20 * relativeCapacity(Math.sqrt(0.95 / 0.002), law);
    const found = predictKnee({ points, sizes });
    expect(found?.throughput).to.be.closeTo(most, 0.01 * most);
    expect(found?.binding).to.equal("connections");
  });

  it("does not follow one level on which something else happened", () => {
    const points = [10, 20, 30, 40, 50, 60].map((n, at): Point => {
      const busy = at === 3 ? 70 : n;
      return { concurrency: busy, throughput: 10 * n, utilisation: { connections: busy / 80 } };
    });
    expect(predictKnee({ points, sizes: { connections: 80 } })?.throughput).to.be.closeTo(800, 1);
  });

  it("is that of the CPU which is used up first", () => {
    const points = shares.map((share): Point => {
      const utilisation = { application: share, database: share / 2, redis: 0.001 };
      return { concurrency: 10 * share, throughput: 400 * share, utilisation };
    });
    const sizes = { application: 2, database: 4, redis: 1 };
    const found = predictKnee({ points, sizes });
    expect(found?.binding).to.equal("application");
    expect(found?.throughput).to.be.closeTo(400, 1e-6);
    // Redis is idle.
    expect(found?.limits.map(({ resource }) => resource)).to.deep.equal(["application", "database"]);
  });

  it("is that of the whole where no sample explains it, and says so", () => {
    // A single server with a queue: in flight n = rho / (1 - rho).
    const points = shares.map(
      (rho): Point => ({ concurrency: rho / (1 - rho), throughput: 100 * rho, utilisation: { application: rho / 5 } }),
    );
    const found = predictKnee({ points, sizes: { application: 1 } });
    expect(found?.binding).to.equal("requests");
    expect(found?.throughput).to.be.closeTo(100, 1);
    expect(found?.limits.map(({ resource }) => resource)).to.deep.equal(["requests", "application"]);
  });

  it("is explained by a sample that says nearly the same", () => {
    const points = shares.map(
      (rho): Point => ({
        concurrency: rho / (1 - rho),
        throughput: 100 * rho,
        utilisation: { application: rho * 0.9 },
      }),
    );
    expect(predictKnee({ points, sizes: { application: 1 } })?.binding).to.equal("application");
  });

  it("is none where throughput grows with the requests in flight, or there are too few levels", () => {
    const points = shares.map((share): Point => ({ concurrency: 5 * share, throughput: 100 * share }));
    expect(predictKnee({ points })).to.equal(undefined);
    expect(predictKnee({ points: [{ concurrency: 1, throughput: 10 }] })).to.equal(undefined);
    expect(predictKnee({ points: [] })).to.equal(undefined);
  });
});

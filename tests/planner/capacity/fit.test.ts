import { expect } from "chai";
import fc from "fast-check";
import { assumedCoefficients, coefficientsSchema, valuesOf } from "../../../planner/capacity/coefficients";
import { fitCoefficients, fitScalability } from "../../../planner/capacity/fit";
import { type LoadTest, loadTestSchema } from "../../../planner/capacity/load-test";
import { visitsOf } from "../../../planner/capacity/resources";
import { knee, relativeCapacity } from "../../../planner/capacity/usl";

/** Numbers from -1 to 1, the same in every run. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return (2 * state) / 2147483648 - 1;
  };
}

const known = { lambda: 240, sigma: 0.03, kappa: 0.0008 };

/** Points of known coefficients. */
function points(concurrencies: number[], error: number, of = known, random = noise(7)) {
  return concurrencies.map((concurrency) => ({
    concurrency,
    throughput: of.lambda * relativeCapacity(concurrency, of) * (1 + error * random()),
  }));
}

const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);

const test = (more: Partial<LoadTest> = {}): LoadTest => ({
  version: 1,
  date: "2026-11-20",
  resource: "connections",
  points: points(upTo(48), 0),
  ...more,
});

describe("capacity fit", () => {
  it("finds known coefficients, without noise exactly", () => {
    const { lambda, sigma, kappa, residual } = fitScalability(points([1, 2, 4, 8, 16, 32, 64], 0));
    expect(lambda).to.be.closeTo(known.lambda, 1e-6);
    expect(sigma).to.be.closeTo(known.sigma, 1e-9);
    expect(kappa).to.be.closeTo(known.kappa, 1e-9);
    expect(residual).to.be.below(1e-9);
  });

  it("finds them under noise, and the knee of points that it has not seen within 15 %", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const all = points(upTo(60), 0.03, known, noise(seed));
      // Every third point is held back.
      const fit = fitScalability(all.filter((_, at) => at % 3 !== 2));
      expect(fit.lambda).to.be.closeTo(known.lambda, 0.05 * known.lambda);
      expect(fit.kappa).to.be.closeTo(known.kappa, 0.2 * known.kappa);
      expect(fit.residual).to.be.within(0.005, 0.03);
      expect(knee(fit)).to.be.closeTo(knee(known), 0.15 * knee(known));
      for (const { concurrency, throughput } of all.filter((_, at) => at % 3 === 2))
        expect(fit.lambda * relativeCapacity(concurrency, fit)).to.be.closeTo(throughput, 0.15 * throughput);
    }
  });

  it("has no coefficient below zero, whatever the points", () => {
    const some = fc.array(
      fc.record({
        concurrency: fc.integer({ min: 1, max: 500 }),
        throughput: fc.double({ min: 0.1, max: 1e6, noNaN: true }),
      }),
      { minLength: 5, maxLength: 40 },
    );
    fc.assert(
      fc.property(some, (given) => {
        const fit = fitScalability(given);
        expect(fit.lambda).to.be.above(0);
        for (const value of Object.values(fit)) expect(value).to.be.at.least(0).and.be.finite;
      }),
      { seed: 20261129 },
    );
    // Better than linear: neither contention nor coherency.
    expect(fitScalability([1, 2, 3, 4, 5].map((n) => ({ concurrency: n, throughput: n * n })))).to.include({
      sigma: 0,
      kappa: 0,
    });
  });

  it("recovers any coefficients of a law", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e5, noNaN: true }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        fc.double({ min: 0, max: 0.01, noNaN: true }),
        (lambda, sigma, kappa) => {
          const fit = fitScalability(points([1, 2, 4, 8, 16, 32, 64], 0, { lambda, sigma, kappa }));
          expect(fit.lambda / lambda).to.be.closeTo(1, 1e-4);
          expect(fit.sigma).to.be.closeTo(sigma, 1e-4);
          expect(fit.kappa).to.be.closeTo(kappa, 1e-5);
        },
      ),
      { seed: 20261129 },
    );
  });

  it("replaces what was measured, says from what, and keeps the rest", () => {
    const file = fitCoefficients(test(), "result.json", assumedCoefficients);
    expect(coefficientsSchema.safeParse(file).error).to.equal(undefined);
    expect(file.measured).to.deep.equal({
      file: "result.json",
      date: "2026-11-20",
      points: 48,
      residual: file.measured?.residual,
      fitted: ["connectionsKappa", "connectionsSigma", "queryHoldMs"],
    });
    const { queryHoldMs, connectionsSigma, applicationCpuMs } = file.coefficients;
    expect(queryHoldMs.expected).to.be.closeTo(1000 / known.lambda, 1e-4);
    expect(queryHoldMs.source).to.equal("fitted from result.json of 2026-11-20: 48 points, residual 0.0 %");
    expect(connectionsSigma.expected).to.be.closeTo(known.sigma, 1e-6);
    expect(applicationCpuMs).to.deep.equal(assumedCoefficients.coefficients.applicationCpuMs);
  });

  it("has low and high the residual's share to either side", () => {
    const noisy = test({ points: points(upTo(48), 0.05) });
    const { measured, coefficients } = fitCoefficients(noisy, "result.json", assumedCoefficients);
    const { low, expected, high } = coefficients.queryHoldMs;
    expect(low / expected).to.be.closeTo(1 + (measured?.residual ?? 0), 1e-4);
    expect(high / expected).to.be.closeTo(1 - (measured?.residual ?? 0), 1e-4);
    expect(measured?.residual).to.be.within(0.01, 0.05);
  });

  it("takes service demands from utilisations, in the units of each resource", () => {
    const values = valuesOf(assumedCoefficients, "expected");
    const { reads, writes } = visitsOf(values);
    const cpuMs = { application: 3, poolers: 0.05, database: 0.9 };
    const measured = points(upTo(20), 0).map((point) => {
      const requests = point.throughput / (reads + writes);
      return {
        ...point,
        utilisation: {
          application: (requests * cpuMs.application) / 1000 / 8,
          poolers: (point.throughput * cpuMs.poolers) / 1000 / 2,
          database: (point.throughput * cpuMs.database) / 1000 / 4,
        },
      };
    });
    const sizes = { application: 8, poolers: 2, database: 4 };
    const { coefficients } = fitCoefficients(test({ sizes, points: measured }), "r.json", assumedCoefficients);
    expect(coefficients.applicationCpuMs.expected).to.be.closeTo(3, 1e-3);
    expect(coefficients.poolerCpuMs.expected).to.be.closeTo(0.05, 1e-5);
    const { readCpuMs, writeCpuMs } = coefficients;
    const mean = (reads * readCpuMs.expected + writes * writeCpuMs.expected) / (reads + writes);
    expect(mean).to.be.closeTo(0.9, 1e-4);
    expect(writeCpuMs.expected / readCpuMs.expected).to.be.closeTo(values.writeCpuMs / values.readCpuMs, 1e-4);
  });

  it("fits a second resource on top of the first", () => {
    const first = fitCoefficients(test(), "first.json", assumedCoefficients);
    const second = test({
      resource: "application",
      points: points(upTo(6), 0, { lambda: 400, sigma: 0.01, kappa: 0 }),
    });
    const { measured, coefficients } = fitCoefficients(second, "second.json", first);
    expect(measured?.fitted).to.include.members(["applicationCpuMs", "queryHoldMs"]);
    expect(coefficients.applicationCpuMs.expected).to.be.closeTo(2.5, 1e-4);
    expect(coefficients.queryHoldMs).to.deep.equal(first.coefficients.queryHoldMs);
  });

  it("of requests from outside takes the demands of what was sampled, and no law", () => {
    const utilisation = (n: number) => ({ application: n / 100, connections: n / 50 });
    const outside = test({
      resource: "requests",
      sizes: { application: 2, connections: 20 },
      points: [10, 20, 30, 40, 50].map((n) => ({ concurrency: n, throughput: 10 * n, utilisation: utilisation(n) })),
    });
    expect(loadTestSchema.safeParse(outside).error).to.equal(undefined);
    const { measured, coefficients } = fitCoefficients(outside, "result.json", assumedCoefficients);
    expect(measured?.fitted).to.deep.equal(["applicationCpuMs", "queryHoldMs"]);
    expect(measured?.residual).to.be.closeTo(0, 1e-9);
    // Two CPUs are busy by n / 100 at 10 n requests a second; 20 connections by n / 50, for each query of a request.
    expect(coefficients.applicationCpuMs.expected).to.be.closeTo(2, 1e-9);
    const { reads, writes } = visitsOf(valuesOf(assumedCoefficients, "expected"));
    expect(coefficients.queryHoldMs.expected).to.be.closeTo(40 / (reads + writes), 1e-4);
  });

  it("of requests from outside has a residual where the busiest resource follows no demand", () => {
    const points = [10, 20, 30, 40, 50].map((n, at) => ({
      concurrency: n,
      throughput: 10 * n,
      utilisation: { application: at % 2 === 0 ? 0.9 : 0.1 },
    }));
    const outside = test({ resource: "requests", sizes: { application: 1 }, points });
    expect(fitCoefficients(outside, "result.json", assumedCoefficients).measured?.residual).to.be.above(0.25);
  });

  it("of requests from outside needs a utilisation", () => {
    const outside = test({ resource: "requests" });
    expect(loadTestSchema.safeParse(outside).error?.issues.map(({ path, message }) => [path, message])).to.deep.equal([
      [["points"], "a utilisation of some resource in the points"],
    ]);
  });
});

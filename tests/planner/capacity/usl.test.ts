import { expect } from "chai";
import fc from "fast-check";
import { knee, relativeCapacity, usableCapacity } from "../../../planner/capacity/usl";

describe("universal scalability law", () => {
  it("has one server's throughput for one, and loses by contention and coherency", () => {
    expect(relativeCapacity(1, { sigma: 0.3, kappa: 0.1 })).to.equal(1);
    expect(relativeCapacity(10, { sigma: 0, kappa: 0 })).to.equal(10);
    expect(relativeCapacity(10, { sigma: 0.1, kappa: 0 })).to.be.closeTo(10 / 1.9, 1e-12);
    expect(relativeCapacity(10, { sigma: 0.1, kappa: 0.01 })).to.be.closeTo(10 / 2.8, 1e-12);
  });

  it("has its highest throughput at the knee, and none without coherency", () => {
    const scalability = { sigma: 0.19, kappa: 0.0001 };
    expect(knee(scalability)).to.be.closeTo(90, 1e-9);
    for (const servers of [80, 100])
      expect(relativeCapacity(servers, scalability)).to.be.below(relativeCapacity(90, scalability));
    expect(knee({ sigma: 0.5, kappa: 0 })).to.equal(Number.POSITIVE_INFINITY);
  });

  it("never makes more servers carry less", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), share, share, (servers, more, sigma, kappa) => {
        const [few, many] = [servers, servers + more].map((n) => usableCapacity(n, { sigma, kappa }));
        expect(many).to.be.at.least((few as number) - 1e-9);
      }),
      { seed: 20261129 },
    );
  });
});

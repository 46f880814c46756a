import { expect } from "chai";
import type { Capacity } from "../../../planner/capacity/types";
import { loadOf } from "../../../planner/move/load";
import { plan } from "../views/support";

const capacity = (requestsPerMinute: number, given: Partial<Capacity> = {}): { capacity: Capacity } => ({
  capacity: { ...plan.capacity, requestsPerMinute, ...given },
});
const assumption = { name: "a", what: "a", unit: "a", low: 1, expected: 2, high: 3, source: "estimate" };

describe("load on both sides of a move", () => {
  it("is that of the plans", () => {
    expect(loadOf(capacity(10), capacity(20))).to.deep.equal({
      requestsPerMinuteBefore: 10,
      requestsPerMinuteAfter: 20,
      measured: false,
    });
  });

  it("is not compared where a saved plan has other coefficients, or none", () => {
    const after = { requestsPerMinuteAfter: 20, measured: false };
    expect(loadOf(capacity(10, { assumptions: [assumption] }), capacity(20))).to.deep.equal(after);
    expect(loadOf({ capacity: null }, capacity(20))).to.deep.equal(after);
    expect(loadOf(capacity(10), { capacity: null })).to.equal(undefined);
  });

  it("says whether a load test stands behind it", () => {
    const measured = { file: "a.json", date: "2026-01-01", points: 9, residual: 0.01, fitted: [] };
    expect(loadOf(capacity(10), capacity(20, { measured }))?.measured).to.equal(true);
  });
});

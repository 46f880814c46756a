import { expect } from "chai";
import fc from "fast-check";
import { pollAfterMs } from "../../../workload/queue/polling";

describe("time until the next question for a job", () => {
  it("grows with the job's age, from a second to half a minute", () => {
    const at = (seconds: number) => pollAfterMs(seconds * 1000, 0.5);
    expect([0, 4, 8, 40, 120, 9999].map(at)).to.deep.equal([1000, 1000, 2000, 10_000, 30_000, 30_000]);
  });

  it("spreads callers over half more and half less", () => {
    expect([0, 0.25, 0.999].map((random) => pollAfterMs(40_000, random))).to.deep.equal([5000, 7500, 14_990]);
    const ages = fc.integer({ min: 0, max: 10_000_000 });
    fc.assert(fc.property(ages, (age) => pollAfterMs(age) >= 500 && pollAfterMs(age) <= 45_000));
  });
});

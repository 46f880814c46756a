import { expect } from "chai";
import fc from "fast-check";
import { largestStorageGiB, leastMaxStorageGiB, rdsMaxStorageGiB } from "../../tiers/limits";

describe("limits of the stores", () => {
  it("leave RDS 10 % to grow, to the GiB", () => {
    expect([20, 100, 101].map(leastMaxStorageGiB)).to.deep.equal([22, 110, 112]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: rdsMaxStorageGiB }), (storage) => {
        const least = leastMaxStorageGiB(storage);
        expect(least * 10).to.be.at.least(storage * 11);
        expect((least - 1) * 10).to.be.below(storage * 11);
      }),
    );
  });

  it("allow no storage for which RDS accepts no limit", () => {
    expect(leastMaxStorageGiB(largestStorageGiB)).to.be.at.most(rdsMaxStorageGiB);
    expect(leastMaxStorageGiB(largestStorageGiB + 1)).to.be.above(rdsMaxStorageGiB);
  });
});

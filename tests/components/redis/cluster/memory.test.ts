import { expect } from "chai";
import fc from "fast-check";
import { maxMemoryMiB } from "../../../../components/redis/cluster/memory";
import { tiers } from "../../../../tiers";

describe("Valkey's memory for data", () => {
  it("is 46 MiB at MVP, and 18 in the smallest container that the stack file allows", () => {
    expect(maxMemoryMiB(tiers.mvp.redis.cluster.container.memoryMiB)).to.equal(46);
    expect(maxMemoryMiB(64)).to.equal(18);
  });

  it("fits the container twice, with room for clients and page cache", () => {
    fc.assert(
      fc.property(fc.integer({ min: 64, max: 65536 }), (memory) => {
        const data = maxMemoryMiB(memory);
        expect(Number.isInteger(data)).to.equal(true);
        expect(memory - 2.1 * data).to.be.at.least(24);
      }),
    );
  });
});

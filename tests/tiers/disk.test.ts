import { expect } from "chai";
import { tierNames, tiers } from "../../tiers";
import { diskParts, freeMiB, leastDiskGiB } from "../../tiers/disk";

describe("data volume of a k3s node", () => {
  const sizes = (parts: ReturnType<typeof diskParts>) => parts.map(({ what, sizeGiB }) => [what, sizeGiB]);

  it("has the images and the claims of the stores, also of those that are kept", () => {
    for (const tier of ["mvp", "startup"] as const)
      expect(sizes(diskParts(tiers[tier])), tier).to.deep.equal([
        ["k3s and images", 3],
        ["postgres.storageGiB", 3],
        ["redis.storageGiB", 1],
      ]);
    const keep = { ...tiers.startup.keep, clusterStores: false };
    expect(sizes(diskParts({ ...tiers.startup, keep }))).to.deep.equal([["k3s and images", 3]]);
  });

  it("has what observability adds, where it is on", () => {
    const { observability } = tiers.mvp;
    const on = { ...observability, enabled: true, metricsGiB: 2 };
    const added = (size: typeof on & { logsGiB?: number }) =>
      sizes(diskParts({ ...tiers.mvp, observability: size })).slice(3);
    expect(added(on)).to.deep.equal([
      ["images of observability", 4],
      ["observability.metricsGiB", 2],
    ]);
    expect(added({ ...on, logsGiB: 5 })[2]).to.deep.equal(["observability.logsGiB", 5]);
    expect(added({ ...on, enabled: false, logsGiB: 5 })).to.deep.equal([]);
  });

  it("is a tenth larger than its parts, in whole GiB", () => {
    const least = (...parts: number[]) => leastDiskGiB(parts.map((sizeGiB) => ({ what: "claim", sizeGiB })));
    expect([least(9), least(4.5, 4.5), least(9, 0.1), least(18)]).to.deep.equal([10, 10, 11, 20]);
    expect([freeMiB(10), freeMiB(1)]).to.deep.equal([1024, 102]);
  });

  it("has room for each tier as it is", () => {
    for (const tier of tierNames)
      expect(leastDiskGiB(diskParts(tiers[tier])), tier).to.be.at.most(tiers[tier].dataVolumeGiB);
  });
});

import { expect } from "chai";
import { tiers } from "../../tiers";
import { spotNoticeSeconds, spotPodSeconds, workerCapacity } from "../../tiers/spot";

describe("capacity of workers", () => {
  const of = ({ target }: (typeof tiers)["mvp"], capacity?: "spot" | "on-demand") =>
    workerCapacity(target, { capacity });

  it("is that of the one node on k3s, whatever a queue asks for", () => {
    expect([of(tiers.mvp), of(tiers.mvp, "on-demand"), of(tiers.startup), of(tiers.startup, "spot")]).to.deep.equal([
      "spot",
      "spot",
      "on-demand",
      "on-demand",
    ]);
  });

  it("is spot on EKS where there is a pool for it, unless a queue asks for on-demand", () => {
    expect([of(tiers.growth), of(tiers.growth, "spot")]).to.deep.equal(["on-demand", "on-demand"]);
    expect([of(tiers.scale), of(tiers.scale, "spot"), of(tiers.scale, "on-demand")]).to.deep.equal([
      "spot",
      "spot",
      "on-demand",
    ]);
  });

  it("is unknown on an existing cluster", () => {
    expect(workerCapacity({ kind: "existing" }, { capacity: "spot" })).to.equal(undefined);
  });

  it("leaves half a minute of the notice to all but the pods", () => {
    expect(spotNoticeSeconds - spotPodSeconds).to.equal(30);
  });
});

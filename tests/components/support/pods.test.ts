import { expect } from "chai";
import { spread } from "../../../components/support/pods";

describe("spread of pods", () => {
  it("is over zones and nodes, never blocks a pod, and ignores the old revision", () => {
    const constraint = (topologyKey: string) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: { app: "shop" } },
      matchLabelKeys: ["pod-template-hash"],
    });
    expect(spread({ app: "shop" })).to.deep.equal([
      constraint("topology.kubernetes.io/zone"),
      constraint("kubernetes.io/hostname"),
    ]);
  });
});

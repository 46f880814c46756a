import { expect } from "chai";
import { spread, userPod } from "../../../components/support/pods";

describe("pods with an image of the user's", () => {
  it("have a priority class and a pull secret only where they are given", () => {
    const pod = userPod({ serviceAccountName: "app", user: 1000 });
    expect(pod).to.have.all.keys(
      "serviceAccountName",
      "automountServiceAccountToken",
      "enableServiceLinks",
      "securityContext",
    );
    const both = userPod({ serviceAccountName: "app", user: 1000, priorityClassName: "first", pullSecret: "registry" });
    expect(both).to.deep.equal({ ...pod, priorityClassName: "first", imagePullSecrets: [{ name: "registry" }] });
  });
});

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

import { expect } from "chai";
import { kubeletConfig } from "../../../../components/cluster/k3s/kubelet";
import { priorityClasses } from "../../../../components/priorities/classes";
import { spotNoticeSeconds } from "../../../../tiers/spot";

const levels = kubeletConfig({ storePriority: priorityClasses.pooler.value }).shutdownGracePeriodByPodPriority;

/** The seconds of a pod: those of the highest level up to its priority, or of the lowest. */
const secondsOf = (priority: number) =>
  (levels.filter((level) => level.priority <= priority).at(-1) ?? levels[0])?.shutdownGracePeriodSeconds;

describe("configuration of the kubelet", () => {
  it("reserves memory for k3s, gives pods no swap, and knows one way of shutting down only", () => {
    expect(kubeletConfig({ storePriority: 1000 })).to.deep.equal({
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      systemReserved: { memory: "560Mi" },
      failSwapOn: false,
      memorySwap: { swapBehavior: "NoSwap" },
      shutdownGracePeriodByPodPriority: [
        { priority: 0, shutdownGracePeriodSeconds: 90 },
        { priority: 1000, shutdownGracePeriodSeconds: 10 },
        { priority: 2_000_000_000, shutdownGracePeriodSeconds: 5 },
      ],
      shutdownGracePeriod: "0s",
      shutdownGracePeriodCriticalPods: "0s",
    });
  });

  it("ends workers and the application first, then PgBouncer and the stores, then the system", () => {
    const { stores, pooler, application } = priorityClasses;
    const workers = (["high", "normal", "low"] as const).map((queue) => priorityClasses[`workers-${queue}`]);
    for (const { value } of [...workers, application]) expect(secondsOf(value), String(value)).to.equal(90);
    for (const { value } of [pooler, stores]) expect(secondsOf(value), String(value)).to.equal(10);
    for (const value of [2_000_000_000, 2_000_001_000]) expect(secondsOf(value), String(value)).to.equal(5);
  });

  it("leaves time of the notice to see it and to stop systemd's services", () => {
    const pods = levels.reduce((total, { shutdownGracePeriodSeconds }) => total + shutdownGracePeriodSeconds, 0);
    expect(spotNoticeSeconds - pods).to.equal(15);
  });
});

import { expect } from "chai";
import { onAws, onExisting, problemsOf } from "../../support/settings";

const queue = { name: "mail" };

/** Bad input, each with the one message it gets. */
const bad: [what: string, input: object, message: string][] = [
  [
    "more clients of PgBouncer than a node has memory for",
    { ...onAws, tier: "mvp", pgbouncer: { maxClientConnections: 50000 } },
    "tierstack:pgbouncer.maxClientConnections: given 50000 clients, which need 3928 MiB in each pod; allowed: up to 16793: " +
      "a t4g.small has 1328 MiB for pods; fix: lower pgbouncer.maxClientConnections, or choose a larger type in " +
      "nodes.instanceTypes",
  ],
  [
    "pods that do not fit the k3s node",
    { ...onAws, queues: [queue, { name: "video", memoryMiB: 256 }] },
    "tierstack:app.maxReplicas: given pods that request 805m CPU and 1724 MiB of the node at every autoscaler's maximum; " +
      "allowed: 1800m CPU and 1328 MiB, without what system and kubelet take; fix: lower maxReplicas, CPU or memory of app, " +
      "workers, schedules or migrate, or choose a larger nodes.instanceTypes",
  ],
  [
    "pods that do not fit the general nodes",
    { ...onAws, tier: "growth", app: { maxReplicas: 30 } },
    "tierstack:app.maxReplicas: given pods that request 8220m CPU and 10144 MiB of the general nodes at every autoscaler's " +
      "maximum; allowed: 5760m CPU and 9372 MiB, without what system and kubelet take; fix: lower maxReplicas, CPU or " +
      "memory of app, workers, schedules or migrate, raise nodes.maxNodes, or choose larger nodes.instanceTypes",
  ],
  [
    "workers that do not fit the spot nodes",
    { ...onAws, tier: "scale", queues: [queue], workers: { maxReplicas: 20 } },
    "tierstack:workers.maxReplicas: given pods that request 10000m CPU and 10240 MiB of the spot nodes at every " +
      "autoscaler's maximum; allowed: 9600m CPU and 15620 MiB, without what system and kubelet take; fix: lower " +
      "maxReplicas, CPU or memory of app, workers, schedules or migrate, raise nodes.maxSpotNodes, or choose larger " +
      "nodes.spotInstanceTypes",
  ],
  [
    "a pod larger than a node",
    { ...onAws, tier: "growth", app: { minReplicas: 1, maxReplicas: 1, cpuMillicores: 4000 } },
    "tierstack:app: given a pod of 4010m CPU and 296 MiB; allowed: what a node of t4g.medium has for pods: 1920m CPU and " +
      "3124 MiB; fix: lower CPU or memory, or choose larger nodes.instanceTypes",
  ],
  [
    "a worker larger than a spot node",
    { ...onAws, tier: "scale", queues: [queue, { name: "video", memoryMiB: 16384 }] },
    "tierstack:queues[1]: given a pod of 500m CPU and 16384 MiB; allowed: what a node of c7g.large has for pods: 1920m CPU " +
      "and 3124 MiB; fix: lower CPU or memory, or choose larger nodes.spotInstanceTypes",
  ],
];

describe("rules about capacity", () => {
  for (const [what, input, message] of bad)
    it(`refuses ${what}`, () => {
      expect(problemsOf(input)).to.deep.equal([message]);
    });

  it("accepts a pod that fits one of the types, and anything on an existing cluster", () => {
    const nodes = { instanceTypes: ["t4g.medium", "m7g.xlarge"], maxNodes: 10 };
    expect(problemsOf({ ...onAws, tier: "growth", nodes, app: { maxReplicas: 3, memoryMiB: 8192 } })).to.deep.equal([]);
    expect(problemsOf({ ...onExisting, app: { cpuMillicores: 16000 } })).to.deep.equal([]);
  });

  it("accepts more workers on more spot nodes", () => {
    const scale = { ...onAws, tier: "scale", queues: [queue], workers: { maxReplicas: 20 } };
    expect(problemsOf({ ...scale, nodes: { maxSpotNodes: 6 } })).to.deep.equal([]);
  });

  it("leaves an unknown type to the rule about types", () => {
    const [problem, ...others] = problemsOf({ ...onAws, nodes: { instanceTypes: ["x9g.huge"] } });
    expect(problem).to.contain("tierstack:nodes.instanceTypes[0]: ");
    expect(others).to.deep.equal([]);
  });
});

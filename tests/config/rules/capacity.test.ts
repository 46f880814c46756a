import { expect } from "chai";
import { onAws, onExisting, problemsOf } from "../../support/settings";

const queue = { name: "mail" };

/** The rest of a message about MVP's node. */
const mvp = "PgBouncer 80, Postgres 256, Valkey 128, system 220; allowed: 1344 MiB: what a t4g.small has for pods";

/** The rest of a message about the workers' nodes at Scale. */
const scale =
  "allowed: 19200m CPU: what 10 c7g.large have for pods; fix: lower workers.maxReplicas or workers.cpuMillicores, or set " +
  "nodes.maxSpotNodes: 11 or nodes.spotInstanceTypes: [c7g.xlarge]";

/** Bad input, each with the one message it gets. */
const bad: [what: string, input: object, message: string][] = [
  [
    "more clients of PgBouncer than a node has memory for",
    { ...onAws, tier: "mvp", pgbouncer: { maxClientConnections: 50000 } },
    "tierstack:pgbouncer.maxClientConnections: given 50000 clients, which need 3928 MiB in each pod; allowed: up to 16998: " +
      "a t4g.small has 1344 MiB for pods; fix: lower pgbouncer.maxClientConnections, or choose a larger type in " +
      "nodes.instanceTypes",
  ],
  [
    "a queue that does not fit the k3s node",
    { ...onAws, queues: [queue, { name: "video", memoryMiB: 256 }] },
    "tierstack:queues[1]: given at every autoscaler's maximum 1724 MiB: application 2 x 168, workers of mail 2 x 96, " +
      `workers of video 2 x 256, ${mvp}; fix: lower workers.maxReplicas or queues[1].memoryMiB, or set ` +
      "nodes.instanceTypes: [t4g.medium]",
  ],
  [
    "pods that do not fit the general nodes",
    { ...onAws, tier: "growth", app: { maxReplicas: 30 } },
    "tierstack:app.maxReplicas: given at every autoscaler's maximum 8220m CPU: application 30 x 260, PgBouncer 2 x 110, " +
      "system 200 and 10144 MiB: application 30 x 296, PgBouncer 2 x 432, system 400; allowed: 5760m CPU and 9372 MiB: " +
      "what 3 t4g.medium have for pods; fix: lower app.maxReplicas or app.cpuMillicores, or set nodes.maxNodes: 5 or " +
      "nodes.instanceTypes: [t4g.xlarge]",
  ],
  [
    "workers that do not fit the spot nodes",
    { ...onAws, tier: "scale", queues: [queue], workers: { maxReplicas: 41 } },
    `tierstack:workers.maxReplicas: given at every autoscaler's maximum 19680m CPU: workers 41 x 480; ${scale}`,
  ],
  [
    "more queues than fit the spot nodes",
    { ...onAws, tier: "scale", queues: ["a", "b", "c", "d", "e"].map((name) => ({ name })) },
    `tierstack:queues: given at every autoscaler's maximum 24000m CPU: workers 50 x 480; ${scale.replace("11", "13")}`,
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
    "tierstack:queues[1]: given a pod of 480m CPU and 16384 MiB; allowed: what a node of c7g.large has for pods: 1920m CPU " +
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
    const scale = { ...onAws, tier: "scale", queues: [queue], workers: { maxReplicas: 44 } };
    expect(problemsOf({ ...scale, nodes: { maxSpotNodes: 11 } })).to.deep.equal([]);
  });

  it("leaves an unknown type to the rule about types", () => {
    const [problem, ...others] = problemsOf({ ...onAws, nodes: { instanceTypes: ["x9g.huge"] } });
    expect(problem).to.contain("tierstack:nodes.instanceTypes[0]: ");
    expect(others).to.deep.equal([]);
  });
});

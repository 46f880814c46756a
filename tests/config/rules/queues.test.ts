import { expect } from "chai";
import { onAws, onExisting, problemsOf } from "../../support/settings";

const queue = (more: object) => [{ name: "video", ...more }];
const notice = "AWS takes a spot node back 120 seconds after its notice";

/** Bad input, each with the one message it gets. */
const bad: [what: string, input: object, message: string][] = [
  [
    "jobs that outlast the notice on MVP's spot node",
    { ...onAws, tier: "mvp", queues: queue({ maxJobSeconds: 61 }) },
    `tierstack:queues[0].maxJobSeconds: given 61 seconds on spot capacity; allowed: up to 60: ${notice}; fix: set ` +
      "nodes.capacity: on-demand, or split the job",
  ],
  [
    "jobs that outlast the notice on spot nodes of EKS",
    { ...onAws, tier: "scale", queues: queue({ maxJobSeconds: 900 }) },
    `tierstack:queues[0].maxJobSeconds: given 900 seconds on spot capacity; allowed: up to 60: ${notice}; fix: set ` +
      "capacity: on-demand for the queue, or split the job",
  ],
  [
    "on-demand capacity on MVP's only node",
    { ...onAws, tier: "mvp", queues: queue({ capacity: "on-demand" }) },
    'tierstack:queues[0].capacity: given "on-demand"; allowed: spot: the only node is a spot instance; fix: set ' +
      "nodes.capacity: on-demand, or remove it",
  ],
  [
    "spot capacity where workers have no spot nodes",
    { ...onAws, tier: "growth", queues: queue({ capacity: "spot" }) },
    'tierstack:queues[0].capacity: given "spot"; allowed: on-demand: workers have no spot nodes here; fix: remove it',
  ],
  [
    "a capacity on an existing cluster",
    { ...onExisting, queues: queue({ capacity: "on-demand" }) },
    'tierstack:queues[0].capacity: given "on-demand"; allowed: nothing: it has no effect on an existing cluster; fix: ' +
      "remove it",
  ],
];

describe("rules about queues", () => {
  for (const [what, input, message] of bad)
    it(`refuse ${what}`, () => {
      expect(problemsOf(input)).to.deep.equal([message]);
    });

  it("accept jobs up to the bound on spot, and longer ones on on-demand nodes", () => {
    const long = { maxJobSeconds: 3600 };
    for (const stack of [
      { ...onAws, tier: "mvp", queues: queue({ maxJobSeconds: 60, capacity: "spot" }) },
      { ...onAws, tier: "mvp", queues: queue({ ...long, capacity: "on-demand" }), nodes: { capacity: "on-demand" } },
      { ...onAws, tier: "startup", queues: queue({ ...long, capacity: "on-demand" }) },
      { ...onAws, tier: "growth", queues: queue({ ...long, capacity: "on-demand" }) },
      { ...onAws, tier: "scale", queues: queue({ ...long, capacity: "on-demand" }) },
      { ...onExisting, queues: queue(long) },
    ])
      expect(problemsOf(stack), JSON.stringify(stack)).to.deep.equal([]);
  });
});

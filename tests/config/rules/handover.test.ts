import { expect } from "chai";
import { onAws, onExisting, problemsOf } from "../../support/settings";

const handover = { image: "ghcr.io/acme/handover:0.1.0" };
const ecr = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
const onStartup = { ...onAws, tier: "startup", handover };

/** Bad input, each with the one message it gets. */
const bad: [what: string, input: object, message: string][] = [
  [
    "a handover at MVP without the store that it leads from",
    { ...onAws, tier: "mvp", nodes: { instanceTypes: ["t4g.medium"] }, handover },
    "tierstack:handover: given a value, with tier mvp and without keep.managedStores; allowed: both stores: a handover " +
      "leads from one to the other; fix: set keep.managedStores to true on the way from startup, or set tier: startup on " +
      "the way there; else remove handover",
  ],
  [
    "a handover at Startup without the store that it leads from",
    { ...onStartup, keep: { clusterStores: false } },
    "tierstack:handover: given a value, with tier startup and without keep.clusterStores; allowed: both stores: a handover " +
      "leads from one to the other; fix: remove keep.clusterStores, which is true by default, or remove handover",
  ],
  [
    "a handover on EKS",
    { ...onAws, tier: "growth", keep: { clusterStores: true }, handover },
    "tierstack:handover: given a value, with tier growth; allowed: a tier with a k3s node, through which RDS reaches the " +
      "in-cluster Postgres; fix: set postgres.previous to hand over to another RDS instance, or remove handover",
  ],
  [
    "a handover on an existing cluster",
    { ...onExisting, handover },
    "tierstack:handover: given a value, with cluster: existing; allowed: nothing: it has no effect on an existing " +
      "cluster; fix: remove it",
  ],
  [
    "pools that fit RDS and not the server that the handover leaves",
    { ...onStartup, pgbouncer: { poolSize: 20 } },
    "tierstack:pgbouncer.poolSize: given 20, during a handover; allowed: 1 to 7: 2 pods in a rollout x (2 pools x (pool + " +
      "3) + 5 sessions) must fit 60 - 10, which is what the in-cluster Postgres allows; fix: set pgbouncer.poolSize after " +
      "the handover",
  ],
  [
    "a node without room for the engine",
    { ...onAws, tier: "mvp", queues: [{ name: "mail" }, { name: "video" }], keep: { managedStores: true }, handover },
    "tierstack:queues: given at every autoscaler's maximum 1532 MiB: application 2 x 168, workers 4 x 96, PgBouncer 80, " +
      "Postgres 256, handover 128, Valkey 128, system 220; allowed: 1344 MiB: what a t4g.small has for pods; fix: lower " +
      "workers.maxReplicas or workers.memoryMiB, or set nodes.instanceTypes: [t4g.medium]",
  ],
  [
    "an image in a repository of ECR that the node may not pull from",
    { ...onStartup, handover: { image: `${ecr}/handover:0.1.0` } },
    `tierstack:handover.image: given "${ecr}/handover:0.1.0"; allowed: a repository of ECR that another image of the ` +
      "stack is in, or another registry: the node may pull from those; fix: push the image to the application's " +
      "repository, with a tag of its own",
  ],
  [
    "an image without a version",
    { ...onStartup, handover: { image: "ghcr.io/acme/handover:latest" } },
    'tierstack:handover.image: given "ghcr.io/acme/handover:latest"; allowed: an image in lower case with a tag or a ' +
      "digest, such as ghcr.io/acme/shop:1.4.2, never :latest; fix: name a released version, so that every pod runs the " +
      "same code",
  ],
  [
    "a handover without an image",
    { ...onStartup, handover: {} },
    "tierstack:handover.image: given nothing; allowed: an image in lower case with a tag or a digest, such as " +
      "ghcr.io/acme/shop:1.4.2, never :latest; fix: name a released version, so that every pod runs the same code",
  ],
];

describe("rules about a handover", () => {
  for (const [what, input, message] of bad)
    it(`refuse ${what}, in one message`, () => {
      expect(problemsOf(input)).to.deep.equal([message]);
    });

  it("accept one in both directions, with every bound", () => {
    for (const more of [{ maxPauseMs: 100 }, { maxPauseMs: 20_000 }, { switch: "automatic" }, { switch: "manual" }])
      expect(problemsOf({ ...onStartup, handover: { ...handover, ...more } })).to.deep.equal([]);
    const back = { ...onAws, tier: "mvp", keep: { managedStores: true }, handover };
    expect(problemsOf(back)).to.deep.equal([]);
  });

  it("accept the engine in the application's repository of ECR", () => {
    const inEcr = { ...onStartup, image: `${ecr}/shop:1.4.2`, handover: { image: `${ecr}/shop:handover-0.1.0` } };
    expect(problemsOf(inEcr)).to.deep.equal([]);
  });

  it("accept credentials for the registry of the engine alone", () => {
    const registry = { server: "registry.example.com", username: "acme", password: "token" };
    const handover = { image: "registry.example.com/handover:0.1.0" };
    expect(problemsOf({ ...onStartup, registry, handover })).to.deep.equal([]);
    expect(problemsOf({ ...onStartup, registry })).to.have.length(1);
  });

  it("leave the pools of a stack without a handover alone", () => {
    expect(problemsOf({ ...onAws, tier: "startup", pgbouncer: { poolSize: 20 } })).to.deep.equal([]);
  });
});

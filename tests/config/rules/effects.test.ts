import { expect } from "chai";
import { tierNames } from "../../../tiers";
import { completeMail, onAws, onExisting, problemsOf } from "../../support/settings";

/** Settings without effect, each with the one message it gets. */
const bad: [what: string, input: object, message: string][] = [
  [
    "a purchase option for nodes that have their own",
    { ...onAws, tier: "growth", nodes: { capacity: "on-demand" } },
    'tierstack:nodes.capacity: given "on-demand"; allowed: nothing: it has no effect on the node pools of this tier; fix: remove it',
  ],
  [
    "spot types without a spot pool",
    { ...onAws, tier: "growth", nodes: { spotInstanceTypes: ["c7g.large"] } },
    'tierstack:nodes.spotInstanceTypes: given ["c7g.large"]; allowed: nothing: it has no effect on the node pools of this tier; ' +
      "fix: remove it",
  ],
  [
    "more nodes where there is one",
    { ...onAws, tier: "mvp", nodes: { maxNodes: 3 } },
    "tierstack:nodes.maxNodes: given 3; allowed: nothing: it has no effect on a k3s node; fix: remove it",
  ],
  [
    "an audit log of k3s",
    { ...onAws, tier: "startup", logs: { audit: true } },
    "tierstack:logs.audit: given true; allowed: nothing: it has no effect on a k3s node; fix: remove it",
  ],
  [
    "a budget of AWS that mails nobody",
    { ...onAws, accountBudgetUsd: 0 },
    "tierstack:accountBudgetUsd: given 0, without alertEmail; allowed: nothing: AWS has nobody to mail; fix: set alertEmail, " +
      "or remove accountBudgetUsd",
  ],
  [
    "a volume for metrics that nothing collects",
    { ...onAws, tier: "mvp", observability: { metricsGiB: 2 } },
    "tierstack:observability.metricsGiB: given 2; allowed: nothing: nothing watches the product here; fix: remove it, or " +
      "set observability.enabled to true",
  ],
  [
    "a mail server of nobody, whose password stays secret",
    { ...onAws, tier: "growth", alertEmail: "ops@example.com", observability: { mail: completeMail } },
    "tierstack:observability.mail: given a value; allowed: nothing: nothing watches the product here; fix: remove it, or " +
      "set observability.enabled to true",
  ],
  [
    "a heartbeat of nothing, whose URL stays secret",
    { ...onAws, tier: "mvp", observability: { heartbeatUrl: "https://beats.example.com/4711" } },
    "tierstack:observability.heartbeatUrl: given a value; allowed: nothing: nothing watches the product here; fix: " +
      "remove it, or set observability.enabled to true",
  ],
  [
    "nodes of an existing cluster",
    { ...onExisting, nodes: { instanceTypes: ["t4g.nano"] } },
    'tierstack:nodes.instanceTypes: given ["t4g.nano"]; allowed: nothing: it has no effect on an existing cluster; ' +
      "fix: remove it",
  ],
  [
    "an override without effect",
    { ...onAws, tier: "mvp", postgres: { multiAz: true } },
    "tierstack:postgres.multiAz: given true; allowed: nothing: postgres runs in the cluster here; fix: remove it, or " +
      "move to a tier with the managed store",
  ],
];

describe("rules about settings without effect", () => {
  for (const [what, input, message] of bad)
    it(`refuse ${what}`, () => {
      expect(problemsOf(input)).to.deep.equal([message]);
    });

  it("keep the settings of observability while it is turned off, and still check the mail server", () => {
    const heartbeatUrl = "https://beats.example.com/4711";
    const observability = { enabled: false, metricsGiB: 16, logsGiB: 8, mail: completeMail, heartbeatUrl };
    const alertEmail = "ops@example.com";
    for (const tier of tierNames) expect(problemsOf({ ...onAws, tier, alertEmail, observability })).to.deep.equal([]);
    expect(problemsOf({ ...onExisting, alertEmail, observability })).to.deep.equal([]);
    expect(problemsOf({ ...onAws, tier: "mvp", observability: { ...observability, mail: undefined } })).to.deep.equal(
      [],
    );
    const wrong = { ...observability, mail: { ...completeMail, host: "smtp" } };
    expect(problemsOf({ ...onAws, tier: "mvp", alertEmail, observability: wrong })).to.deep.equal([
      'tierstack:observability.mail.host: given "smtp", a private name, for which no public authority gives a ' +
        "certificate; allowed: a server that the cluster reaches, by the name in its certificate; fix: change " +
        "observability.mail.host",
    ]);
  });

  it("refuse overrides of the store that is not in use", () => {
    expect(problemsOf({ ...onExisting, redis: { shards: 3 } })).to.deep.equal([
      "tierstack:redis.shards: given 3; allowed: nothing: redis runs in the cluster here; fix: remove it",
    ]);
    expect(problemsOf({ ...onAws, tier: "growth", redis: { memoryMiB: 128 } })).to.deep.equal([
      "tierstack:redis.memoryMiB: given 128; allowed: nothing: redis is managed by AWS here; fix: remove it",
    ]);
    expect(problemsOf({ ...onAws, tier: "mvp", redis: { memoryMiB: 128 }, postgres: { storageGiB: 5 } })).to.deep.equal(
      [],
    );
  });

  it("take the overrides of the nodes that have an effect, and no other", () => {
    const overrides = {
      instanceTypes: ["t4g.large"],
      spotInstanceTypes: ["c7g.large"],
      capacity: "on-demand",
      dataVolumeGiB: 100,
      maxNodes: 5,
      maxSpotNodes: 5,
    };
    const accepted = (stack: object) =>
      Object.entries(overrides)
        .filter(([key, value]) => problemsOf({ ...stack, nodes: { [key]: value } }).length === 0)
        .map(([key]) => key);
    const onK3s = ["instanceTypes", "capacity", "dataVolumeGiB"];
    expect(accepted({ ...onAws, tier: "mvp" })).to.deep.equal(onK3s);
    expect(accepted({ ...onAws, tier: "startup" })).to.deep.equal(onK3s);
    expect(accepted({ ...onAws, tier: "growth" })).to.deep.equal(["instanceTypes", "dataVolumeGiB", "maxNodes"]);
    const onEks = ["instanceTypes", "spotInstanceTypes", "dataVolumeGiB", "maxNodes", "maxSpotNodes"];
    expect(accepted({ ...onAws, tier: "scale" })).to.deep.equal(onEks);
    expect(accepted(onExisting)).to.deep.equal([]);
  });

  it("refuse what only AWS has on an existing cluster, all at once", () => {
    const rest = "it has no effect on an existing cluster; fix: remove it";
    const stack = {
      ...onExisting,
      apiAccessCidrs: ["203.0.113.7/32"],
      hostedZoneId: "Z0123456789ABCDEFGHIJ",
      backupRegion: "eu-west-1",
      network: { egress: "nat", flowLogs: true },
      edge: { waf: true },
      logs: { audit: false },
      keep: { nodeState: true },
    };
    expect(problemsOf(stack as never)).to.deep.equal([
      ...["backupRegion", "hostedZoneId", "apiAccessCidrs"].map(
        (key) => `tierstack:${key}: given a value, with cluster: existing; allowed: nothing: ${rest}`,
      ),
      `tierstack:network.egress: given "nat"; allowed: nothing: ${rest}`,
      `tierstack:network.flowLogs: given true; allowed: nothing: ${rest}`,
      `tierstack:edge.waf: given true; allowed: nothing: ${rest}`,
      `tierstack:logs.audit: given false; allowed: nothing: ${rest}`,
      `tierstack:keep.nodeState: given true; allowed: nothing: ${rest}`,
    ]);
  });

  it("refuse what only an existing cluster has on AWS, but not what is switched off", () => {
    const rest = (key: string) =>
      `tierstack:${key}: given a value, with cluster: aws; allowed: nothing: the stack creates the cluster; fix: remove ` +
      `${key}, or set cluster: existing`;
    expect(problemsOf({ ...onAws, adopt: true, kedaNamespace: "keda" })).to.deep.equal([
      rest("kedaNamespace"),
      rest("adopt"),
    ]);
    expect(problemsOf({ ...onAws, adopt: false, namespacePrefix: "shop" })).to.deep.equal([]);
  });

  it("accept a domain without a hosted zone on an existing cluster", () => {
    expect(problemsOf({ ...onExisting, domain: "app.example.com" })).to.deep.equal([]);
  });
});

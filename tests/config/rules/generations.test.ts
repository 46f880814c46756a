import { expect } from "chai";
import { onAws, onExisting, problemsOf } from "../../support/settings";

const handover = { image: "ghcr.io/acme/handover:0.1.0" };
const onGrowth = { ...onAws, tier: "growth" };
const key = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-123456789abc";

/** Bad input, each with the one message it gets. */
const bad: [what: string, input: object, message: string][] = [
  [
    "two instances of one number",
    { ...onGrowth, postgres: { generation: 2, previous: { generation: 2 } } },
    "tierstack:postgres.previous.generation: given 2, with postgres.generation 2; allowed: another number: it is another " +
      "instance; fix: raise postgres.generation by one for a new instance, or remove postgres.previous",
  ],
  [
    "a previous instance without a number of its own",
    { ...onGrowth, postgres: { previous: {} } },
    "tierstack:postgres.previous.generation: given 1, with postgres.generation 1; allowed: another number: it is another " +
      "instance; fix: raise postgres.generation by one for a new instance, or remove postgres.previous",
  ],
  [
    "a handover to an earlier major version",
    { ...onGrowth, handover, postgres: { generation: 2, previous: { majorVersion: 18 } } },
    "tierstack:postgres.majorVersion: given 17, with postgres.previous.majorVersion 18 and handover; allowed: 18 or later: an " +
      "earlier version may not take the schema of a later one; fix: raise postgres.majorVersion, or remove handover",
  ],
  [
    "a previous instance in the cluster",
    { ...onAws, tier: "mvp", postgres: { previous: {} } },
    "tierstack:postgres.previous: given {}; allowed: nothing: postgres runs in the cluster here; fix: remove it, or move to a " +
      "tier with the managed store",
  ],
  [
    "a generation on an existing cluster",
    { ...onExisting, postgres: { generation: 2 } },
    "tierstack:postgres.generation: given 2; allowed: nothing: postgres runs in the cluster here; fix: remove it",
  ],
  [
    "a key of another region",
    { ...onGrowth, postgres: { generation: 2, previous: { kmsKeyArn: key } } },
    `tierstack:postgres.previous.kmsKeyArn: given "${key}"; allowed: a key in us-east-1; fix: name a key of that region, or a ` +
      "multi-Region key's replica there",
  ],
  [
    "pools that the previous instance has no room for",
    {
      ...onGrowth,
      handover,
      pgbouncer: { poolSize: 30 },
      postgres: { generation: 2, previous: { instanceClass: "db.t4g.small" } },
    },
    "tierstack:pgbouncer.poolSize: given 30, during a handover; allowed: 1 to 16: 4 pods in a rollout x (2 pools x (pool + 3) + " +
      "5 sessions) must fit 198 - 20, which is what the RDS instance of postgres.previous allows; fix: set pgbouncer.poolSize " +
      "after the handover",
  ],
  [
    "a major version that no pin has",
    { ...onGrowth, postgres: { majorVersion: 19 } },
    "tierstack:postgres.majorVersion: given 19; allowed: a whole number from 17 to 18; fix: change tierstack:postgres.majorVersion",
  ],
];

describe("rules about another instance", () => {
  for (const [what, input, message] of bad)
    it(`refuse ${what}, in one message`, () => {
      expect(problemsOf(input)).to.deep.equal([message]);
    });

  it("refuse an unknown class of the previous instance once, with a handover or without", () => {
    for (const more of [{}, { handover }]) {
      const postgres = { generation: 2, previous: { instanceClass: "db.t4g.tiny" } };
      const [problem, ...rest] = problemsOf({ ...onGrowth, ...more, postgres });
      expect(problem).to.match(/^tierstack:postgres\.previous\.instanceClass: given "db\.t4g\.tiny"; allowed: /);
      expect(rest).to.deep.equal([]);
    }
  });

  it("accept a handover at every tier with RDS, and every bound", () => {
    for (const tier of ["startup", "growth", "scale"])
      for (const postgres of [
        { generation: 2, previous: {} },
        { generation: 1000, majorVersion: 18, previous: { generation: 1 } },
        { generation: 1, previous: { generation: 1000 } },
      ])
        expect(problemsOf({ ...onAws, tier, handover, postgres }), tier).to.deep.equal([]);
    const kept = {
      ...onAws,
      tier: "mvp",
      keep: { managedStores: true },
      postgres: { generation: 2, majorVersion: 18 },
    };
    expect(problemsOf(kept)).to.deep.equal([]);
  });
});

import { expect } from "chai";
import { moveBetween } from "../../planner/cli/diff";
import type { Change } from "../../planner/move/change";
import { changesBetween } from "../../planner/move/changes";
import { withHandoverRefused } from "../../planner/move/handover";
import { type Plan, planStack } from "../../planner/plan";
import type { PlannedResource } from "../../planner/record/planned";
import { readProject, readStack } from "../../planner/stacks";
import type { Program } from "../../platform/program";
import type { Tier } from "../../tiers";
import { Account } from "../support/account";
import { inOrder } from "../support/objects";
import { testProject } from "../support/project";
import { dataIn, follow, isAws, isBad, Suffixes } from "../support/walk";

const program = require("../../index") as Program;
const handover = { image: "ghcr.io/acme/handover:0.1.0" };
const key = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-123456789abc";

/** The sizes before, and those of a new instance: a smaller volume, another key and a later major version. */
const [large, small] = [{ storageGiB: 200 }, { storageGiB: 100, majorVersion: 18, kmsKeyArn: key }];
const two = { generation: 2, ...small, previous: large };

const first = { postgres: large };
const on = { postgres: two, handover };
const switched = { postgres: two, handover: { ...handover, switched: true } };
const over = { postgres: two };
const unprotected = { postgres: two, allowDestroy: true };
const dropped = { postgres: { generation: 2, ...small }, allowDestroy: true };
const last = { postgres: { generation: 2, ...small } };
/** Back on the first instance, with the second one beside it. */
const back = { postgres: { ...large, previous: { generation: 2, ...small } } };

type Config = Record<string, object | string | boolean>;

describe("another instance of RDS, from the handover to the end of the old one", function () {
  this.timeout(120_000);
  const project = readProject(testProject());
  const plans = new Map<string, Plan>();

  async function planOf(tier: Tier, config: Config): Promise<Plan> {
    const name = JSON.stringify([tier, config]);
    const known = plans.get(name);
    if (known) return known;
    const stack = readStack(project, "growth");
    for (const [setting, value] of Object.entries({ tier, ...config }))
      stack.config[`tierstack:${setting}`] = typeof value === "string" ? value : JSON.stringify(value);
    const { plan } = await planStack(project, stack, program);
    plans.set(name, plan);
    return plan;
  }

  const changesOf = (from: Plan, to: Plan): Change[] => {
    const tiers = { from: from.tier as Tier, to: to.tier as Tier };
    return withHandoverRefused(changesBetween(from.resources, to.resources), from.resources, to.resources, tiers);
  };
  const moved = async (tier: Tier, from: Config, to: Config) =>
    changesOf(await planOf(tier, from), await planOf(tier, to));
  /** What `diff` says at Growth. */
  async function toldOf(from: Config, to: Config) {
    const [before, after] = [await planOf("growth", from), await planOf("growth", to)];
    const figures = { rates: undefined } as never;
    return moveBetween({ before, after }, "tierstack", figures, { from: "growth", to: "growth" });
  }
  const refusals = (changes: Change[]) =>
    changes.filter(({ action }) => action === "refused").map(({ path, reason }) => `${path}: ${reason}`);

  /** The replicas of each tier. */
  const replicas = { startup: [], growth: [0], scale: [0, 1] } as const;

  for (const tier of ["startup", "growth", "scale"] as const)
    it(`goes through at ${tier}: nothing that holds data is replaced, and nothing goes before its step`, async () => {
      const account = new Account();
      const suffixes = new Suffixes();
      const inputsOf = (path: string) => account.held.find((one) => one.key.startsWith(`tierstack/${path} (`))?.inputs;
      let [now, deployed]: [Plan | undefined, PlannedResource[]] = [undefined, []];
      let frozen: unknown;
      for (const config of [first, on, switched, over, unprotected, dropped, last]) {
        const [next, what] = [await planOf(tier, config), JSON.stringify(config)];
        const held = dataIn(account);
        const bad = now ? changesOf(now, next).filter(isBad) : [];
        const old = ["primary", ...replicas[tier].map((at) => `replica-${at}`)].map(
          (one) => `tierstack/postgres/${one}`,
        );
        expect(
          bad.map(({ path, action }) => `${action} ${path}`),
          what,
        ).to.deep.equal(config === dropped ? old.map((path) => `delete ${path}`) : []);
        const aws = suffixes.next({ resources: next.resources, aws: inOrder(next.resources).filter(isAws) });
        follow(account, deployed, aws);
        if (config !== dropped) expect(dataIn(account), what).to.include.members(held);
        const { deletionProtection: _, ...primary } = JSON.parse(JSON.stringify(inputsOf("postgres/primary") ?? {}));
        if (config === first) frozen = primary;
        else if (config !== dropped && config !== last) expect(primary, what).to.deep.equal(frozen);
        const rules = account.held.filter(({ key }) => key.includes("/postgres/handover/"));
        expect(rules, what).to.have.length(config === on || config === switched ? 2 : 0);
        [now, deployed] = [next, aws];
      }
      expect(inputsOf("postgres/primary")).to.equal(undefined);
      expect(account.snapshots.filter((name) => name.includes("postgres-final-"))).to.have.length(1);
      expect(inputsOf("postgres/primary-g2")).to.deep.include({
        engineVersion: "18.6",
        allocatedStorage: 100,
        kmsKeyId: key,
        deletionProtection: true,
      });
      for (const at of replicas[tier])
        expect(inputsOf(`postgres/replica-${at}-g2`)).to.deep.include({ engineVersion: "18.6" });
    });

  it("has what a stack that begins with the new instance has", async () => {
    const paths = ({ resources }: Plan) => resources.map(({ path, inputs, options }) => ({ path, inputs, options }));
    expect(paths(await planOf("growth", last))).to.deep.equal(
      paths(await planOf("growth", { ...last, allowDestroy: false })),
    );
    const without = (await planOf("growth", { postgres: small })).resources.map(({ path }) => path.replace("-g2", ""));
    const own = (await planOf("growth", last)).resources.map(({ path }) =>
      path.replace(/-g2$/, "").replace("final-g2-snapshot", "final-snapshot").replace("-g2-", "-"),
    );
    expect(own.sort()).to.deep.equal(without.sort());
  });

  it("goes back to the first instance with the end of the handover", async () => {
    expect((await moved("growth", on, back)).filter(isBad)).to.deep.equal([]);
  });

  it("goes to a third instance after the second one has been given up", async () => {
    const third = { generation: 3, ...small, previous: { generation: 1, ...large } };
    expect((await moved("growth", first, { postgres: third, handover })).filter(isBad)).to.deep.equal([]);
  });

  it("lets what watches the product reach no server in the cluster: there is none", async () => {
    const { resources } = await planOf("growth", { ...on, observability: { enabled: true } });
    const policies = resources.filter(({ path }) => /\/observability\/.*-policy$/.test(path));
    expect(policies.map(({ path }) => path.split("/").at(-1))).to.deep.equal([
      "app-policy",
      "pgbouncer-policy",
      "workers-policy",
    ]);
  });

  it("is told in phases: what is created, the handover, and the end of the old instance", async () => {
    const { phases, cost } = await toldOf(first, on);
    expect(phases.map(({ title }) => title)).to.deep.equal([
      "Stop the scheduled jobs",
      "Create the new instance beside the one in use (docs/handover.md#another-instance)",
      "Wait until both databases are equal (docs/handover.md#watch)",
      "Switch (docs/handover.md#switch)",
      "Use the product, and go back if it does not work (docs/handover.md#back)",
      "Let PgBouncer start with the new database",
      "Finish (docs/handover.md#finish)",
      "Start the scheduled jobs",
      "Remove the old instance, once nobody needs it (docs/handover.md#remove-the-old-instance)",
    ]);
    expect(phases[1]).to.deep.include({
      commands: ["npx pulumi up -s growth"],
      check: "postgres/primary-g2 and its read replicas are available; the product still uses postgres/primary",
    });
    expect(cost?.kept?.settings).to.deep.equal(["postgres.previous"]);
    expect(cost?.kept?.paths).to.deep.equal(["tierstack/postgres/primary", "tierstack/postgres/replica-0"]);
  });

  it("names the instance in use where the handover ends", async () => {
    for (const [to, instance] of [
      [over, "postgres/primary-g2"],
      [back, "postgres/primary"],
    ] as const) {
      const { phases } = await toldOf(switched, to);
      expect(phases[0]?.check).to.equal(
        `the phase is finished or aborted, and the side in use is ${instance}: the other one is fenced`,
      );
    }
  });

  const bad: [what: string, from: Config, to: Config, refusal: string][] = [
    [
      "no handover",
      first,
      over,
      "tierstack/postgres/primary: clients would come from postgres/primary to postgres/primary-g2, and no handover has " +
        "brought the data there; set handover together with postgres.generation (docs/handover.md#another-instance)",
    ],
    [
      "no handover, back to the first instance",
      over,
      back,
      "tierstack/postgres/primary-g2: clients would come from postgres/primary-g2 to postgres/primary, and no handover has " +
        "brought the data there; set handover together with postgres.generation (docs/handover.md#another-instance)",
    ],
    [
      "nothing that keeps the old one",
      first,
      last,
      "tierstack/postgres/primary: postgres.generation names another instance, and postgres/primary would leave the program " +
        "with its data; set postgres.previous to what postgres said of it (docs/handover.md#another-instance)",
    ],
    [
      "other sizes of the old one than it has",
      first,
      { ...on, postgres: { ...two, previous: { instanceClass: "db.t4g.large" } } },
      "tierstack/postgres/primary: postgres.previous differs from what postgres/primary has: instanceClass db.t4g.medium -> " +
        "db.t4g.large, allocatedStorage 200 -> 20; move what postgres said of it to postgres.previous " +
        "(docs/handover.md#another-instance)",
    ],
    [
      "fewer replicas and no copies of the backups of the old one",
      { postgres: { ...large, replicas: 2, crossRegionBackups: true } },
      on,
      "tierstack/postgres/primary: postgres.previous differs from what postgres/primary has: replicas 2 -> 1, " +
        "crossRegionBackups true -> false; move what postgres said of it to postgres.previous " +
        "(docs/handover.md#another-instance)",
    ],
    [
      "more replicas of the old one",
      { postgres: { ...large, replicas: 0 } },
      on,
      "tierstack/postgres/primary: postgres.previous differs from what postgres/primary has: replicas 0 -> 1; move what " +
        "postgres said of it to postgres.previous (docs/handover.md#another-instance)",
    ],
    [
      "a handover that turns round",
      { postgres: { generation: 2, previous: {} }, handover },
      { postgres: { previous: { generation: 2 } }, handover },
      "tierstack/postgres/primary-g2: the handover would turn round, to postgres/primary, while it is on; finish or abort it, and " +
        "remove handover, before another one (docs/handover.md#a-second-handover)",
    ],
    [
      "an instance that goes with the handover's key",
      { ...switched, allowDestroy: true },
      dropped,
      "tierstack/postgres/primary: the handover may need postgres/primary still; finish or abort it, and remove handover, " +
        "before the instance leaves the program (docs/handover.md#remove-the-old-instance)",
    ],
  ];
  for (const [what, from, to, refusal] of bad)
    it(`is refused with ${what}`, async () => {
      const found = refusals(await moved("growth", from, to));
      expect(
        found.filter((one) => one.startsWith(refusal)),
        found.join("\n"),
      ).to.have.length(1);
    });

  it("is refused together with another tier", async () => {
    const changes = changesOf(await planOf("startup", first), await planOf("growth", on));
    expect(refusals(changes)).to.include(
      "tierstack/postgres/primary: another generation comes in a move of its own; change the tier before or after it",
    );
  });
});

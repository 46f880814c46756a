import { expect } from "chai";
import objects from "../../planner/catalogues/kubernetes-immutable.json";
import { holdsData } from "../../planner/move/change";
import { changesBetween } from "../../planner/move/changes";
import { type Plan, planStack } from "../../planner/plan";
import type { PlannedResource } from "../../planner/record/planned";
import { readProject, readStack } from "../../planner/stacks";
import type { Program } from "../../platform/program";
import { type Tier, tierNames, tiers } from "../../tiers";
import { stacks } from "../support/objects";
import { testProject } from "../support/project";

const program = require("../../index") as Program;

async function planOf(stack: string, overrides: Record<string, string> = {}, name = stack): Promise<Plan> {
  const project = readProject(testProject());
  const settings = { ...readStack(project, stack), stack: name };
  Object.assign(settings.config, overrides);
  return (await planStack(project, settings, program)).plan;
}

/** What a stack has set by the time it is on a tier, if it comes from the tiers below. */
const cameUp: Record<string, Record<string, string>> = Object.fromEntries(
  tierNames
    .filter((tier) => tiers[tier].target.kind === "eks")
    .map((tier) => [tier, { "tierstack:keep": '{"nodeState": true}' }]),
);

/** Smallest first. A stack of a new tier gets its moves by itself. */
const up = stacks();
const moves = [...up.slice(1).map((to, at) => [up[at], to]), ...up.slice(1).map((from, at) => [from, up[at]])];

describe("moves between tiers", () => {
  it("have a stack of every tier", () => {
    expect(up).to.include.members([...tierNames]);
  });

  const plans = new Map<string, Plan>();

  before(async function () {
    this.timeout(60_000);
    for (const stack of up) plans.set(stack, await planOf(stack, cameUp[stack]));
  });

  const changes = (from: string, to: string) =>
    changesBetween(plans.get(from)?.resources ?? [], plans.get(to)?.resources ?? []);

  for (const [from, to] of moves as [string, string][]) {
    it(`${from} -> ${to} neither replaces nor deletes anything that holds data`, () => {
      const lost = changes(from, to).filter(
        ({ data, action }) => data && (action === "replace" || action === "delete"),
      );
      expect(lost).to.deep.equal([]);
    });
  }

  /** Moves on AWS are never refused: the engine would stop at a protected resource that leaves the program. */
  const upward = tierNames.slice(1).map((to, at) => [tierNames[at] as Tier, to] as const);
  // All but the move to the first tier, which leaves the managed stores: it needs keep.managedStores.
  const downward = upward.slice(1).map(([from, to]) => [to, from] as const);
  for (const [from, to] of [...upward, ...downward]) {
    it(`${from} -> ${to} goes through`, () => {
      const refused = changes(from, to).filter(({ action }) => action === "refused");
      expect(refused).to.deep.equal([]);
    });
  }

  const nodeState = ({ resources }: Plan) => resources.filter(({ path }) => path.startsWith("tierstack/node-state"));

  for (const tier of Object.keys(cameUp))
    it(`a fresh ${tier} creates nothing of a k3s node, and the volume on its move down`, async () => {
      const fresh = await planOf(tier);
      expect(nodeState(fresh)).to.deep.equal([]);
      const made = changesBetween(fresh.resources, (plans.get("startup") as Plan).resources);
      expect(made.find(({ path }) => path === "tierstack/node-state/volume")?.action).to.equal("create");
      expect(made.filter(({ action }) => action === "refused")).to.deep.equal([]);
    });

  it("startup -> growth is refused where keep.nodeState is forgotten, for all that holds the node's state", async () => {
    const startup = plans.get("startup") as Plan;
    const refused = changesBetween(startup.resources, (await planOf("growth")).resources).filter(
      ({ action }) => action === "refused",
    );
    const authorities = ["client-ca", "request-header-ca", "server-ca"].flatMap((kind) => [
      `${kind}-certificate`,
      `${kind}-key`,
    ]);
    expect(refused.map(({ path, keep }) => [path, keep])).to.deep.equal(
      [...authorities, "volume"].map((child) => [`tierstack/node-state/${child}`, "keep.nodeState"]),
    );
  });

  it("startup -> growth leaves what keep.nodeState keeps as it is, and so does the way back", async () => {
    const startup = nodeState(plans.get("startup") as Plan);
    // The stack that moves keeps its name.
    expect(nodeState(await planOf("growth", cameUp.growth, "startup"))).to.deep.equal(startup);
    // The setting may stay where the node is in use, and come before the move.
    expect(nodeState(await planOf("startup", cameUp.growth))).to.deep.equal(startup);
  });

  /** What each move takes down for a while. A move that stops interrupting, or begins to, changes this table. */
  const interrupted: Record<string, string[]> = {
    "mvp -> startup": ["cluster/node/group", "cluster/node/template", "postgres/cluster/server"],
    "startup -> growth": ["postgres/primary"],
    "growth -> scale": ["postgres/primary", "postgres/replica-0", "redis/cluster"],
    "scale -> growth": ["postgres/primary", "postgres/replica-0", "redis/cluster"],
    "growth -> startup": ["edge/distribution", "postgres/primary"],
    "startup -> mvp": ["cluster/node/group", "cluster/node/template", "postgres/cluster/server"],
  };
  for (const [move, paths] of Object.entries(interrupted))
    it(`${move} says what it interrupts`, () => {
      const [from = "", to = ""] = move.split(" -> ");
      const found = changes(from, to).filter(({ downtime }) => downtime !== undefined);
      expect(found.map(({ path }) => path)).to.deep.equal(paths.map((path) => `tierstack/${path}`));
    });

  it("removes the replicas of the cache in two steps, and refuses one", async () => {
    const growth = (plans.get("growth") as Plan).resources;
    const single = await planOf("growth", { ...cameUp.growth, "tierstack:redis": '{"multiAz": false}' });
    const none = await planOf("growth", { ...cameUp.growth, "tierstack:redis": '{"replicasPerShard": 0}' });
    const refused = (from: PlannedResource[], to: Plan) =>
      changesBetween(from, to.resources).filter(({ action }) => action === "refused");
    expect(
      refused(growth, none).map(({ path, properties }) => [path, properties.map(({ property }) => property)]),
    ).to.deep.equal([["tierstack/redis/cluster", ["multiAzEnabled", "replicasPerNodeGroup"]]]);
    expect(refused(growth, single)).to.deep.equal([]);
    expect(refused(single.resources, none)).to.deep.equal([]);
  });

  /** Stacks from before zones went by id have zones by letter, and a letter may be any zone of the account. */
  for (const stack of ["mvp", "startup", "growth", "scale"])
    it(`${stack} keeps its subnets and its volume in the zones that they are in`, async () => {
      const plan = plans.get(stack) as Plan;
      const older = structuredClone(plan.resources);
      for (const { inputs } of older)
        if (typeof inputs.availabilityZone === "string")
          inputs.availabilityZone = inputs.availabilityZone.replace(/.$/, (letter) => (letter === "a" ? "e" : "a"));
      expect(changesBetween(older, plan.resources)).to.deep.equal([]);
      const elsewhere = await planOf(stack, {
        ...cameUp[stack],
        "tierstack:network": '{"zones": ["use1-az6", "use1-az5", "use1-az1"]}',
      });
      const zoneOf = ({ resources }: Plan) =>
        resources.find(({ path }) => path === "tierstack/network/public-0")?.inputs.availabilityZone;
      expect(zoneOf(elsewhere)).to.not.equal(zoneOf(plan));
      expect(changesBetween(plan.resources, elsewhere.resources)).to.deep.equal([]);
    });

  /** In stacks from before the program named its databases, Pulumi has named them. */
  for (const stack of ["startup", "growth", "scale"])
    it(`${stack} keeps its databases and the names that they have`, () => {
      const { resources } = plans.get(stack) as Plan;
      const isNew = ({ path }: PlannedResource) => /^tierstack\/postgres\/.*-(identifier|logs-\w+)$/.test(path);
      const databases = resources.filter(({ type }) => type === "aws:rds/instance:Instance");
      const older = structuredClone(resources.filter((resource) => !isNew(resource)));
      for (const { type, name, inputs } of older)
        if (type === "aws:rds/instance:Instance") inputs.identifier = `${name}-1a2b3c4`;
      const found = changesBetween(older, resources).map(({ action, path }) => `${action} ${path}`);
      const added = databases.flatMap(({ path }) =>
        ["identifier", "logs-postgresql", "logs-upgrade"].map((child) => `create ${path}-${child}`),
      );
      expect(found).to.deep.equal(added.sort());
    });

  /** Stacks from before the stores' pods could be replaced while they are not ready. The policy is immutable. */
  for (const stack of ["local", "mvp", "startup"])
    it(`${stack} replaces no store of an older stack for its policy of pods, and a new one has it`, () => {
      const plan = plans.get(stack) as Plan;
      const sets = plan.resources.filter(({ type }) => type === "kubernetes:apps/v1:StatefulSet");
      const spec = ({ inputs }: PlannedResource) => inputs.spec as Record<string, unknown>;
      expect(sets.map((set) => [set.path, spec(set).podManagementPolicy])).to.deep.equal([
        ["tierstack/postgres/cluster/server", "Parallel"],
        ["tierstack/redis/server", "Parallel"],
      ]);
      const older = structuredClone(plan.resources);
      for (const set of older) if (set.type === "kubernetes:apps/v1:StatefulSet") delete spec(set).podManagementPolicy;
      expect(changesBetween(older, plan.resources)).to.deep.equal([]);
    });

  it("the role of the pods stays from tier to tier, and so does what names it", async () => {
    const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-uploads/*" };
    const app = { port: 9898, iamPolicy: { Version: "2012-10-17", Statement: statement } };
    const [startup, growth] = [
      await planOf("startup", { "tierstack:app": JSON.stringify(app) }),
      await planOf("growth", { "tierstack:app": JSON.stringify(app) }),
    ];
    const changed = changesBetween(startup.resources, growth.resources);
    const role = changed.find(({ path }) => path === "tierstack/app-identity/role");
    expect([role?.action, ...(role?.properties ?? []).map(({ property }) => property)]).to.deep.equal([
      "update",
      "assumeRolePolicy",
    ]);
    expect(changed.find(({ path }) => path === "tierstack/app-identity/policy")).to.equal(undefined);
  });

  it("knows of every type of Kubernetes object which fields replace it", () => {
    const used = [...plans.values()].flatMap(({ resources }) => resources.map(({ type }) => type));
    const types = [...new Set(used.filter((type) => type.startsWith("kubernetes:") && !type.endsWith("Patch")))].sort();
    expect(types).to.have.length.above(15);
    // A new type: add a row, empty where no field of it is immutable.
    expect(types.filter((type) => !Object.hasOwn(objects.types, type))).to.deep.equal([]);
  });

  it("mvp -> startup keeps the in-cluster stores, unprotected and retained", () => {
    const kept = (plans.get("startup") as Plan).resources.filter(({ type }) =>
      ["kubernetes:apps/v1:StatefulSet", "kubernetes:core/v1:PersistentVolumeClaim"].includes(type),
    );
    expect(kept.map(({ path, options: { protect, retainOnDelete } }) => [path, protect, retainOnDelete])).to.deep.equal(
      [
        ["tierstack/postgres/cluster/data", false, true],
        ["tierstack/postgres/cluster/server", false, true],
        ["tierstack/redis/data", false, true],
        ["tierstack/redis/server", false, true],
      ],
    );
  });

  it("startup -> mvp is refused until the managed stores are kept, and then goes through", async () => {
    const refused = changes("startup", "mvp").filter(({ action }) => action === "refused");
    expect(refused.map(({ path }) => path)).to.include("tierstack/postgres/primary");
    const keeping = await planOf("mvp", { "tierstack:keep": '{"managedStores": true}' });
    const after = changesBetween((plans.get("startup") as Plan).resources, keeping.resources);
    expect(after.filter(({ action, data }) => action === "refused" || (data && action === "delete"))).to.deep.equal([]);
  });

  it("everything that holds data is protected where it is in use, and retained everywhere", () => {
    for (const [stack, plan] of plans)
      for (const resource of plan.resources.filter(holdsData)) {
        const copy = /^tierstack\/postgres\/replica-\d$/.test(resource.path);
        const kept = copy || (stack === "startup" && resource.type.startsWith("kubernetes:"));
        const { protect, retainOnDelete } = resource.options;
        expect({ stack, path: resource.path, protect, retainOnDelete }).to.deep.equal({
          stack,
          path: resource.path,
          protect: !kept,
          retainOnDelete: true,
        });
      }
  });

  it("the distribution, the network and the data volume keep their identity on the way up", () => {
    for (const stack of up.slice(1)) {
      const paths = (plans.get(stack) as Plan).resources.map(({ path }) => path);
      expect(paths).to.include.members([
        "tierstack/edge/distribution",
        "tierstack/network/vpc",
        "tierstack/node-state/volume",
        "tierstack/postgres-dumps/bucket",
      ]);
    }
  });
});

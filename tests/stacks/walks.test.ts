import { expect } from "chai";
import fc from "fast-check";
import type { Change } from "../../planner/move/change";
import { changesBetween } from "../../planner/move/changes";
import { type Plan, planStack } from "../../planner/plan";
import type { PlannedResource } from "../../planner/record/planned";
import { readProject, readStack } from "../../planner/stacks";
import type { Program } from "../../platform/program";
import { type Tier, tierNames, tiers } from "../../tiers";
import { Account } from "../support/account";
import { inOrder } from "../support/objects";
import { testProject } from "../support/project";
import { dataIn, follow, isAws, isBad, type Placed, Suffixes } from "../support/walk";

const program = require("../../index") as Program;

/** Where a stack is: its tier and the overrides that it has by now. */
interface Place {
  tier: Tier;
  /** Whether the data volume and the database have grown. They never shrink. */
  grown: boolean;
  /** How far the cache is on the way to no replicas: with Multi-AZ, without, without replicas. */
  cache: 0 | 1 | 2;
  /** Whether the stack has had a k3s node. */
  node: boolean;
  /** Whether a handover of the database is on. @default false */
  handover?: boolean;
}

type Step = "up" | "down" | "grow" | "fewer" | "more";

const cacheOverrides = [{}, { multiAz: false }, { replicasPerShard: 0 }] as const;

/** The place after a step that docs/moving.md promises to go through. A step that leads nowhere changes nothing. */
function after(place: Place, step: Step): Place {
  const at = tierNames.indexOf(place.tier);
  const cache = Math.min(2, Math.max(0, place.cache + (step === "fewer" ? 1 : step === "more" ? -1 : 0)));
  const isManaged = at > 0;
  switch (step) {
    case "up":
      return { ...place, tier: tierNames[at + 1] ?? place.tier };
    case "down":
      return placeOn(tierNames[at - 1] ?? place.tier, place);
    case "grow":
      return { ...place, grown: true };
    case "fewer":
    case "more":
      return isManaged ? { ...place, cache: cache as Place["cache"] } : place;
  }
}

/** A place on a tier, which may create a node. */
const placeOn = (tier: Tier, place: Place): Place => ({
  ...place,
  tier,
  node: place.node || tiers[tier].target.kind === "k3s",
});

/** The stack file of a place. MVP keeps the managed stores and EKS the node's state, as the guide asks. MVP has no
 * overrides of the managed stores. */
function configOf({ tier, grown, cache, node, handover }: Place): Record<string, object | string> {
  const onEks = tiers[tier].target.kind === "eks";
  const sizes: Record<string, object> =
    tier === "mvp"
      ? { keep: { managedStores: true } }
      : {
          postgres: grown ? { storageGiB: 600 } : {},
          redis: cacheOverrides[cache],
          keep: onEks && node ? { nodeState: true } : {},
        };
  return {
    tier,
    nodes: grown ? { dataVolumeGiB: 40 } : {},
    ...sizes,
    ...(handover && { handover: { image: "ghcr.io/acme/handover:0.1.0" } }),
  };
}

describe("random walks over tiers and overrides, in an account that refuses what AWS refuses", () => {
  const project = readProject(testProject());
  const plans = new Map<string, Placed>();
  const changes = new Map<Placed, Map<Placed, Change[]>>();

  /** Plans a place under one stack's name, as the stack that moves keeps it. */
  const planOf = async (place: Place): Promise<Placed> => {
    const config = configOf(place);
    const key = JSON.stringify(config);
    const known = plans.get(key);
    if (known) return known;
    const stack = readStack(project, "growth");
    for (const [name, value] of Object.entries(config))
      stack.config[`tierstack:${name}`] = typeof value === "string" ? value : JSON.stringify(value);
    const { plan }: { plan: Plan } = await planStack(project, stack, program);
    const placed = { resources: plan.resources, aws: inOrder(plan.resources).filter(isAws) };
    plans.set(key, placed);
    return placed;
  };

  /** What a walk must not meet between two plans. */
  const badBetween = (from: Placed, to: Placed): Change[] => {
    const known = changes.get(from) ?? new Map<Placed, Change[]>();
    const bad = known.get(to) ?? changesBetween(from.resources, to.resources).filter(isBad);
    changes.set(from, known.set(to, bad));
    return bad;
  };

  it("refuse nothing that the guide promises, and neither replace nor delete data", async function () {
    this.timeout(120_000);
    const step = fc.constantFrom<Step>("up", "down", "up", "down", "grow", "fewer", "more");
    const walk = async (first: Tier, steps: Step[]) => {
      const account = new Account();
      let place = placeOn(first, { tier: first, grown: false, cache: 0, node: false });
      const suffixes = new Suffixes();
      let now = await planOf(place);
      let deployed = suffixes.next(now);
      follow(account, [], deployed);
      for (const each of steps) {
        place = after(place, each);
        const next = await planOf(place);
        const held = dataIn(account);
        expect(badBetween(now, next), JSON.stringify({ first, steps, place })).to.deep.equal([]);
        const resources = suffixes.next(next);
        follow(account, deployed, resources);
        expect(dataIn(account)).to.include.members(held);
        [now, deployed] = [next, resources];
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...tierNames), fc.array(step, { minLength: 4, maxLength: 12 }), walk),
      { numRuns: 60 },
    );
    expect(plans.size).to.be.greaterThan(10);
  });

  it("go through a handover up and one down, which leave what holds data as it is and nothing of their own", async () => {
    const place = (tier: Tier, handover: boolean): Place => ({ tier, grown: false, cache: 0, node: true, handover });
    const account = new Account();
    const suffixes = new Suffixes();
    const steps = [
      place("mvp", false),
      ...[place("startup", true), place("startup", false)],
      ...[place("mvp", true), place("mvp", false)],
      ...[place("startup", true), place("startup", false)],
    ];
    let now: Placed = { resources: [], aws: [] };
    let deployed: PlannedResource[] = [];
    for (const each of steps) {
      const next = await planOf(each);
      const [held, what] = [dataIn(account), JSON.stringify(each)];
      expect(badBetween(now, next), what).to.deep.equal([]);
      const resources = suffixes.next(next);
      follow(account, deployed, resources);
      expect(dataIn(account), what).to.include.members(held);
      const opened = account.held.filter(({ inputs }) => inputs.fromPort === 30432).map(({ key }) => key);
      expect(opened, what).to.have.length(each.handover ? 2 : 0);
      const own = next.resources.filter(({ path }) => path.includes("postgres/handover"));
      expect(own.length > 0, what).to.equal(each.handover);
      [now, deployed] = [next, resources];
    }
  });

  /** What shrinks where the overrides of `grown` are removed. */
  const volumes = ["node-state/volume", "postgres/primary", "postgres/replica-0"].map((path) => `tierstack/${path}`);

  it("would find a node's state that is forgotten on the way up", async () => {
    const startup: Place = { tier: "startup", grown: false, cache: 0, node: true };
    const forgotten = badBetween(await planOf(startup), await planOf({ ...startup, tier: "growth", node: false }));
    expect(new Set(forgotten.map(({ action, keep }) => `${action}: ${keep}`))).to.deep.equal(
      new Set(["refused: keep.nodeState"]),
    );
  });

  it("would find an identifier that a move up asks for again, and a log group that comes after its database", async () => {
    const place: Place = { tier: "startup", grown: false, cache: 0, node: true };
    const [startup, growth] = [await planOf(place), await planOf({ ...place, tier: "growth" })];
    const account = new Account();
    follow(account, [], startup.aws);
    follow(account, startup.aws, growth.aws);
    follow(account, growth.aws, startup.aws);
    // Without another suffix, the groups of the replica that the move down has left.
    const taken =
      /ResourceAlreadyExistsException: \/aws\/rds\/instance\/tierstack-growth-postgres-replica-0-[0-9a-f]{8}\//;
    expect(() => follow(account, startup.aws, growth.aws)).to.throw(taken);
    const isGroup = ({ path }: PlannedResource) => path === "tierstack/postgres/primary-logs-upgrade";
    const last = [...startup.aws.filter((one) => !isGroup(one)), ...startup.aws.filter(isGroup)];
    expect(() => follow(new Account(), [], last)).to.throw(/ResourceAlreadyExistsException: .*\/upgrade$/);
  });

  it("would find a volume that shrinks, and replicas that leave with Multi-AZ", async () => {
    const place: Place = { tier: "growth", grown: false, cache: 0, node: true };
    for (const [from, to, paths] of [
      [{ ...place, grown: true }, place, volumes],
      [place, { ...place, cache: 2 }, ["tierstack/redis/cluster"]],
    ] as [Place, Place, string[]][]) {
      const [before, next] = [await planOf(from), await planOf(to)];
      expect(badBetween(before, next).map(({ path }) => path)).to.deep.equal(paths);
      const account = new Account();
      follow(account, [], before.aws);
      expect(() => follow(account, before.aws, next.aws)).to.throw(/^AWS refuses to update /);
    }
  });
});

/** What a move costs, from the costs of the plans on both sides of it. */
import { tierNames } from "../../tiers";
import { cents, hourlyUsdOf } from "../cost/cost";
import { combined, exact, type Level, levels, product, total } from "../cost/levels";
import { type MoveCharge, oneOffCharges } from "../cost/one-off";
import { catalogueFile } from "../cost/prices";
import { completeRates } from "../cost/rates";
import { pricedAnew } from "../cost/saved";
import type { Cost, CostItem, Rates } from "../cost/types";
import type { Duration } from "../duration/duration";
import type { PlannedResource } from "../record/planned";
import type { Change, MoveCost } from "./change";
import { keptBy } from "./removals";

/** A plan, of which a file may lack the cost. */
interface Side {
  tier: string;
  resources: PlannedResource[];
  cost?: Cost | null;
}

/** An hour of a small resource costs less than a cent. */
const tenths = (usd: number) => Math.round(usd * 10_000) / 10_000;

const isCost = (cost: Cost | null | undefined): cost is Cost =>
  [cost?.monthlyUsd, cost?.low, cost?.high].every(Number.isFinite) &&
  Array.isArray(cost?.notCounted) &&
  Array.isArray(cost?.items) &&
  cost.items.every(
    ({ path, monthlyUsd, low, high }) =>
      typeof path === "string" && [monthlyUsd, low?.monthlyUsd, high?.monthlyUsd].every(Number.isFinite),
  );

const levelOf = ({ low, quantity, high }: CostItem): Level => ({
  low: low.quantity,
  expected: quantity,
  high: high.quantity,
});

/**
 * The cost after a move, with what the settings keep that the engine asks for before it takes the move. What is kept has
 * the size that it has now.
 */
export function costAfter(before: Side, after: Side, changes: Change[], rates?: Rates): Cost | undefined {
  const { cost } = after;
  if (!isCost(cost)) return undefined;
  const kept = new Set(changes.filter(({ keep }) => keep !== undefined).map(({ path }) => path));
  if (kept.size === 0) return cost;
  const own = new Set(after.resources.map(({ path }) => path));
  // A component may leave with what it holds.
  const parents = new Set(before.resources.filter(({ path }) => kept.has(path)).map(({ parent }) => parent));
  const more = before.resources.filter(({ path }) => !own.has(path) && (kept.has(path) || parents.has(path)));
  const keeps = [...new Set([...(cost.basis.keeps ?? []), ...keptBy(changes).map(({ keep }) => keep)])];
  const basis = { ...cost.basis, keeps };
  return pricedAnew({ ...after, resources: [...after.resources, ...more], cost: { ...cost, basis } }, rates) ?? cost;
}

/** What leaves the program and stays in the account, as charges of each month. */
function retainedCharges({ items }: Cost, changes: Change[]): MoveCharge[] {
  const retained = new Set(changes.filter(({ action }) => action === "retained").map(({ path }) => path));
  return items
    .filter(({ path }) => retained.has(path))
    .map((own) => ({
      path: own.path,
      item: own.item,
      paid: "monthly",
      quantity: levelOf(own),
      unit: own.unit,
      usdPerUnit: own.usdPerUnit,
      usd: { low: own.low.monthlyUsd, expected: own.monthlyUsd, high: own.high.monthlyUsd },
      priceId: own.priceId,
      source: catalogueFile,
    }));
}

const isRdsStorage = ({ priceId }: CostItem) => /^rds\.\w+\.(single|multi)\.gb$/.test(priceId);

/**
 * Storage of the databases that stay, as far as it is more than the plan after the move has: RDS storage never shrinks.
 * With the storage that the data needs after the move, the difference is smaller.
 */
function unshrunkCharges(old: Cost, next: Cost): MoveCharge[] {
  const storages = new Map(next.items.filter(isRdsStorage).map((item) => [item.path, item]));
  return old.items.filter(isRdsStorage).flatMap((before): MoveCharge[] => {
    const after = storages.get(before.path);
    if (!after) return [];
    const more = combined((gib) => Math.max(0, before.low.quantity - gib), levelOf(after));
    if (more.expected === 0) return [];
    const quantity = { low: Math.min(...levels.map((level) => more[level])), expected: more.expected, high: more.low };
    return [
      {
        path: before.path,
        item: `storage that stays, ${before.low.quantity} GiB in place of ${after.quantity}`,
        paid: "unshrunk",
        quantity,
        unit: after.unit,
        usdPerUnit: after.usdPerUnit,
        usd: combined((gib) => cents(exact(gib * after.usdPerUnit)), quantity),
        priceId: after.priceId,
        source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html",
      },
    ];
  });
}

const sumOf = (charges: MoveCharge[], paid: MoveCharge["paid"]): Level =>
  combined(cents, total(product(0), ...charges.filter((one) => one.paid === paid).map(({ usd }) => usd)));

/** What is charged for the changes themselves. Nothing where the tier before the move is unknown. */
function chargesOf(before: Side, after: Side, old: Cost, changes: Change[], rates?: Rates): (MoveCharge | string)[] {
  const tier = tierNames.find((name) => name === before.tier);
  if (!tier) return [];
  const [from, to] = [before, after].map(({ resources }) => new Map(resources.map((one) => [one.path, one])));
  const steps = changes.map(({ path, action }) => ({
    path,
    action,
    before: from?.get(path),
    after: to?.get(path),
  }));
  return oneOffCharges(before.resources, steps, {
    tier,
    region: old.basis?.region ?? "",
    nodes: {},
    budgetUsd: old.budgetUsd,
    ...completeRates(rates),
  });
}

/**
 * Returns the price of a move; undefined where a plan has no cost, as plans of older versions. What a move deletes runs
 * until everything new is there, because the engine deletes last.
 */
export function priceOf(
  before: Side,
  after: Side,
  changes: Change[],
  { rates, duration }: { rates?: Rates | undefined; duration?: Duration | undefined } = {},
): MoveCost | undefined {
  const [old, next] = [before.cost, costAfter(before, after, changes, rates)];
  if (!isCost(old) || !next) return undefined;
  const of = (action: Change["action"]) => changes.filter((change) => change.action === action);
  const leaving = [...of("delete"), ...of("replace").filter(({ deletedFirst }) => !deletedFirst)];
  const creates = changes.some(({ action }) => action === "create" || action === "replace");
  const twice = creates ? leaving.filter(({ path }) => hourlyUsdOf(old, path) > 0) : [];
  const perHour = twice.reduce((sum, { path }) => sum + hourlyUsdOf(old, path), 0);
  const parts = chargesOf(before, after, old, changes, rates);
  const charges = [
    ...parts.filter((part): part is MoveCharge => typeof part !== "string"),
    ...retainedCharges(old, changes),
    ...unshrunkCharges(old, next),
  ];
  return {
    monthlyUsdBefore: old.monthlyUsd,
    monthlyUsdAfter: next.monthlyUsd,
    rangeUsdBefore: { low: old.low, high: old.high },
    rangeUsdAfter: { low: next.low, high: next.high },
    notCountedMonthly: next.notCounted,
    ...(next.kept && { kept: next.kept }),
    runsTwice: twice.map(({ path }) => path),
    runsTwiceUsdPerHour: tenths(perHour),
    ...(duration && { runsTwiceUsd: cents((perHour * duration.minutes) / 60) }),
    onceUsd: sumOf(charges, "once"),
    staysMonthlyUsd: sumOf(charges, "monthly"),
    unshrunkMonthlyUsd: sumOf(charges, "unshrunk"),
    charges,
    notCounted: parts.filter((part): part is string => typeof part === "string"),
  };
}

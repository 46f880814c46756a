/** What a plan costs a month, from its recorded resources. */
import type { PlannedResource } from "../record/planned";
import { ruleOf } from "./judgements";
import { keptBySetting } from "./kept";
import { exact, hoursPerMonth, type Level, levels } from "./levels";
import type { Amount, Charge, Cost, CostContext, CostItem, KeptCost } from "./types";
import { type World, worldOf } from "./world";

/** What accounts have for free, which the items of a plan use up in the order of their paths. */
class Allowances {
  private readonly left = new Map<string, Level>();

  constructor(private readonly world: World) {}

  /** The part of a quantity that is paid for. */
  beyond({ quantity, free }: Charge): Level {
    if (!free) return quantity;
    const left = this.left.get(free.id) ?? this.world.assumed(free.id);
    const paid = { ...quantity };
    const rest = { ...left };
    for (const level of levels) {
      const used = Math.min(quantity[level], left[level] / free.perUnit);
      paid[level] = exact(quantity[level] - used);
      rest[level] = left[level] - used * free.perUnit;
    }
    this.left.set(free.id, rest);
    return paid;
  }
}

/** Rounds half a cent up, as a bill does. */
export const cents = (usd: number) => Math.round(exact(usd * 100)) / 100;

function amountOf(quantity: number, usd: number, percent: number): Amount {
  const usdPerUnit = exact((usd * percent) / 100);
  return { quantity, usdPerUnit, monthlyUsd: cents(quantity * usdPerUnit) };
}

/** The item of a charge; undefined where no price is known. */
function itemOf(path: string, charge: Charge, paid: Level, { context }: World): CostItem | undefined {
  const price = context.prices.get(charge.priceId);
  if (!price) return undefined;
  const amount = (level: keyof Level) => amountOf(paid[level], price.usd, charge.percent?.[level] ?? 100);
  return {
    path,
    item: charge.item,
    ...amount("expected"),
    unit: price.unit,
    priceId: price.id,
    low: amount("low"),
    high: amount("high"),
  };
}

/** Items of one resource, and what they leave out. Items that cost nothing at any level are left out too. */
function priced(resource: PlannedResource, world: World, allowances: Allowances): (CostItem | string)[] {
  const rule = ruleOf(resource.type);
  if (!rule) return [`${resource.path} (${resource.type}): not judged`];
  return rule(resource.inputs, world, resource).flatMap((charge): (CostItem | string)[] => {
    if (typeof charge === "string") return [charge];
    const item = itemOf(resource.path, charge, allowances.beyond(charge), world);
    if (!item) return [`${charge.item} of ${resource.path}: no price ${charge.priceId}; give one with --prices`];
    return item.high.quantity > 0 || item.quantity > 0 ? [item] : [];
  });
}

/** A sum of amounts of whole cents. */
const sumUsd = (amounts: readonly number[]) => Math.round(amounts.reduce((sum, usd) => sum + usd * 100, 0)) / 100;

/** What no plan counts. */
function outside(
  resources: readonly PlannedResource[],
  items: readonly CostItem[],
  { region, prices }: CostContext,
): string[] {
  if (!resources.some(({ custom, type }) => custom && type.startsWith("aws:"))) return [];
  const used = [...new Set(items.map(({ priceId }) => priceId))];
  const regions = used.flatMap((id) => prices.get(id)?.region ?? region).filter((one) => one !== region);
  return [
    "taxes and AWS Support",
    ...(regions.length > 0
      ? [
          `the difference to the prices of ${region}: ${regions.length} of ${used.length} are those of ` +
            `${[...new Set(regions)].sort().join(" and ")}, because --prices gives no others`,
        ]
      : []),
  ];
}

/** What settings keep costs: the sum less what it would be without. What is kept can make another resource cheaper. */
function keptCost(resources: PlannedResource[], items: CostItem[], context: CostContext): KeptCost | undefined {
  const byPath = new Map(resources.map((one) => [one.path, one]));
  const isKept = (one: PlannedResource) => {
    const setting = keptBySetting(one, byPath);
    return setting !== undefined && context.keeps?.includes(setting);
  };
  const paths = new Set(resources.filter(isKept).map(({ path }) => path));
  const priced = [...new Set(items.map(({ path }) => path))].filter((path) => paths.has(path));
  if (!context.keeps || priced.length === 0) return undefined;
  const rest = resources.filter(({ path }) => !paths.has(path));
  const { monthlyUsd } = monthlyCostOf(rest, { ...context, keeps: [] });
  const sum = sumUsd(items.map((item) => item.monthlyUsd));
  return { settings: context.keeps, paths: priced, monthlyUsd: cents(sum - monthlyUsd) };
}

/**
 * Prices resources one by one, in the order of their paths, whatever order they come in. Pure: the same resources and
 * context give the same cost.
 */
export function monthlyCostOf(given: readonly PlannedResource[], context: CostContext): Cost {
  const resources = [...given].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const world = worldOf(resources, context);
  const allowances = new Allowances(world);
  const parts = resources.filter(({ custom }) => custom).flatMap((one) => priced(one, world, allowances));
  const items = parts.filter((part): part is CostItem => typeof part !== "string");
  const notes = parts.filter((part): part is string => typeof part === "string");
  const kept = keptCost(resources, items, context);
  return {
    monthlyUsd: sumUsd(items.map(({ monthlyUsd }) => monthlyUsd)),
    low: sumUsd(items.map(({ low }) => low.monthlyUsd)),
    high: sumUsd(items.map(({ high }) => high.monthlyUsd)),
    budgetUsd: context.budgetUsd,
    ...(context.accepted && { accepted: context.accepted }),
    ...(kept && { kept }),
    basis: { region: context.region, nodes: context.nodes, ...(context.keeps && { keeps: context.keeps }) },
    items,
    notCounted: [...new Set([...notes, ...outside(resources, items, context)])].sort(),
  };
}

/** Units of what is paid by the time that it exists, not by its use, and how many units a month has. */
const standing = (unit: string) => /(^|-)(hour|month)$/.test(unit);

/**
 * What a resource costs for each hour that it exists, in USD: instances, storage, fees; no traffic. 0 for one without
 * a price. For what runs twice during a move.
 */
export function hourlyUsdOf(cost: Pick<Cost, "items">, path: string): number {
  const own = cost.items.filter((item) => item.path === path && standing(item.unit));
  return exact(own.reduce((sum, { quantity, usdPerUnit }) => sum + (quantity * usdPerUnit) / hoursPerMonth, 0));
}

import { acceptedUsd } from "../../policy/rules/budget";
import type { Cost, KeptCost } from "../cost/types";
import { belowRoot, columns, type Screen, visible, wrap } from "./text";

/** An amount in USD, with cents. */
export const usd = (amount: number) => amount.toFixed(2);

/** `+50.00`, `-3.20`: by how much an amount changes. */
export const signedUsd = (change: number) => `${change < 0 ? "" : "+"}${usd(change)}`;

/** `8.80 to 13.92`: at the least and the most use. */
export const spanText = ({ low, high }: Pick<Cost, "low" | "high">) => `${usd(low)} to ${usd(high)}`;

/** What a stack costs that has no resource of AWS: whose cluster it is, pays for it. */
const onExisting = "nothing on AWS";
export const isOnExisting = ({ high, notCounted }: Cost) => high === 0 && notCounted.length === 0;

/** `11.44 of 10`: the expected cost a month and the limit, in USD. */
export const costText = (cost: Cost) =>
  isOnExisting(cost) ? onExisting : `${usd(cost.monthlyUsd)} of ${cost.budgetUsd}`;

/** `keep.managedStores keeps postgres/primary, redis/cluster (44.45)`. */
export function keptText({ settings, paths, monthlyUsd }: KeptCost, named = visible): string {
  const verb = settings.length === 1 ? "keeps" : "keep";
  return `${settings.join(" and ")} ${verb} ${paths.map((path) => named(belowRoot(path))).join(", ")} (${usd(monthlyUsd)})`;
}

/** Up to what the cost is accepted beyond the budget, and why; undefined where it is not. */
export function acceptedText(cost: Cost, amountText: (usd: number) => string = String): string | undefined {
  const { accepted, kept } = cost;
  const reasons = [...(kept ? [keptText(kept)] : []), ...(accepted ? [accepted.reason] : [])];
  return reasons.length === 0 ? undefined : `accepted up to ${amountText(acceptedUsd(cost))}: ${reasons.join("; ")}`;
}

/** By how much the expected cost exceeds the limit, and why that is accepted; undefined where it does not. */
export function excessText(cost: Cost): string | undefined {
  const { monthlyUsd, budgetUsd } = cost;
  if (monthlyUsd <= budgetUsd) return undefined;
  const accepted = acceptedText(cost);
  return `${usd(monthlyUsd - budgetUsd)} over the budget of ${budgetUsd}${accepted === undefined ? "" : `, ${accepted}`}`;
}

/** Costs of each component, most expensive first. A component is the second part of a path, below the platform. */
export function costByComponent({ items }: Pick<Cost, "items">): { component: string; monthlyUsd: number }[] {
  const cents = new Map<string, number>();
  for (const { path, monthlyUsd } of items) {
    const [first = "", second = first] = path.split("/");
    cents.set(second, (cents.get(second) ?? 0) + Math.round(monthlyUsd * 100));
  }
  return [...cents]
    .map(([component, sum]) => ({ component, monthlyUsd: sum / 100 }))
    .filter(({ monthlyUsd }) => monthlyUsd > 0)
    .sort((a, b) => b.monthlyUsd - a.monthlyUsd || (a.component < b.component ? -1 : 1));
}

/** The cost of a stack: sum and range against the budget, components, and what is not counted. */
export function costLines(cost: Cost, { paint, width }: Screen): string[] {
  if (isOnExisting(cost)) return [paint("bold", "USD a month"), `  ${onExisting}`];
  const { monthlyUsd, budgetUsd, notCounted } = cost;
  const excess = excessText(cost);
  const sum = `${usd(monthlyUsd)} expected, ${spanText(cost)}; ${excess ?? `budget ${budgetUsd}`}`;
  const components = costByComponent(cost).map(({ component, monthlyUsd: own }) => [`  ${component}`, usd(own)]);
  return [
    paint("bold", "USD a month"),
    ...wrap(sum, width, "  ", "    ").map((line) => (excess ? paint("yellow", line) : line)),
    ...columns(components),
    ...(notCounted.length > 0 ? wrap(`not counted: ${notCounted.join("; ")}`, width, "  ", "    ") : []),
  ];
}

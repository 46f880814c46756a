import type { Cost } from "../cost/types";
import { columns, type Screen, wrap } from "./text";

/** An amount in USD, with cents. */
export const usd = (amount: number) => amount.toFixed(2);

/** What a stack costs that has no resource of AWS: whose cluster it is, pays for it. */
const onExisting = "nothing on AWS";
const isOnExisting = ({ high, notCounted }: Cost) => high === 0 && notCounted.length === 0;

/** `11.44 of 10`: the expected cost a month and the limit, in USD. */
export const costText = (cost: Cost) =>
  isOnExisting(cost) ? onExisting : `${usd(cost.monthlyUsd)} of ${cost.budgetUsd}`;

/** By how much the expected cost exceeds the limit, and why the tier accepts that; undefined where it does not. */
export function excessText({ monthlyUsd, budgetUsd, accepted }: Cost): string | undefined {
  if (monthlyUsd <= budgetUsd) return undefined;
  const excess = `${usd(monthlyUsd - budgetUsd)} over the budget of ${budgetUsd}`;
  return accepted ? `${excess}, accepted up to ${accepted.upToUsd}: ${accepted.reason}` : excess;
}

/** Costs of each component, dearest first. A component is the second part of a path, below the platform. */
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
  const { monthlyUsd, low, high, budgetUsd, notCounted } = cost;
  const excess = excessText(cost);
  const sum = `${usd(monthlyUsd)} expected, ${usd(low)} to ${usd(high)}; ${excess ?? `budget ${budgetUsd}`}`;
  const components = costByComponent(cost).map(({ component, monthlyUsd: own }) => [`  ${component}`, usd(own)]);
  return [
    paint("bold", "USD a month"),
    ...wrap(sum, width, "  ", "    ").map((line) => (excess ? paint("yellow", line) : line)),
    ...columns(components),
    ...(notCounted.length > 0 ? wrap(`not counted: ${notCounted.join("; ")}`, width, "  ", "    ") : []),
  ];
}

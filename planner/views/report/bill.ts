/** What a stack costs a month, by component. */
import type { Cost, CostItem } from "../../cost/types";
import type { Plan } from "../../plan";
import { acceptedText, costByComponent, signedUsd, usd } from "../cost";
import { belowRoot } from "../text";
import { bar, bars, escaped, fold, list, section, table } from "./html";

/** Dollars with cents. */
export const dollars = (amount: number): string => `$${usd(amount)}`;

const itemText = ({ path, item, quantity, unit, usdPerUnit, monthlyUsd }: CostItem) =>
  `${dollars(monthlyUsd)} <code>${escaped(belowRoot(path))}</code> ` +
  `<span class="soft">${escaped(`${item}: ${quantity} ${unit} at $${usdPerUnit}`)}</span>`;

/** The sum against the budget, each component's part of it, and below them every item. */
export function costSection({ cost }: Plan): string {
  const { monthlyUsd, low, high, budgetUsd, items, notCounted } = cost;
  const total = bar("total, of the budget", monthlyUsd / budgetUsd, `${dollars(monthlyUsd)} of ${dollars(budgetUsd)}`);
  const parts = costByComponent(cost).map((part) =>
    bar(part.component, part.monthlyUsd / monthlyUsd, dollars(part.monthlyUsd)),
  );
  const accepted = monthlyUsd > budgetUsd ? acceptedText(cost, dollars) : undefined;
  const excess = accepted === undefined ? "" : `<p>${escaped(accepted.replace(/^a/, "A"))}.</p>`;
  const mostExpensive = [...items].sort((a, b) => b.monthlyUsd - a.monthlyUsd);
  return section(
    "cost",
    "Cost a month",
    `<p>Expected ${dollars(monthlyUsd)} a month; ${dollars(low)} at the least use, ${dollars(high)} at the most.</p>` +
      `${excess}${bars([total, ...parts])}${fold("Every item at the expected use", list(mostExpensive.map(itemText)))}` +
      (notCounted.length > 0 ? fold("Not counted", list(notCounted.map(escaped))) : ""),
  );
}

/** What each component costs before and after a move. */
export function movedCostSection(before: Cost, after: Cost): string {
  const sides = [before, after].map(
    (cost) => new Map(costByComponent(cost).map(({ component, monthlyUsd }) => [component, monthlyUsd])),
  );
  const names = [...new Set(sides.flatMap((side) => [...side.keys()]))].sort();
  const row = (name: string, old: number, next: number) => [
    escaped(name),
    dollars(old),
    dollars(next),
    signedUsd(next - old),
  ];
  const rows = names.map((name) => row(name, sides[0]?.get(name) ?? 0, sides[1]?.get(name) ?? 0));
  return section(
    "cost",
    "Cost a month",
    table(["before", "after", "change"], [...rows, row("total", before.monthlyUsd, after.monthlyUsd)]),
  );
}

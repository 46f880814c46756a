/** The tables of docs/adr/0002-sizes-and-budgets.md. */
import { catalogueAssumptions } from "../../planner/cost/assumptions";
import { hoursPerMonth } from "../../planner/cost/levels";
import { cataloguePrices, catalogueRegion } from "../../planner/cost/prices";
import type { Cost, CostItem } from "../../planner/cost/types";
import { type Tier, tierNames, tiers } from "../../tiers";
import { demands } from "../../tiers/targets";
import { table } from "../markdown";
import { titles } from "../titles";
import type { Tables } from "./fill";
import type { Change, TierCosts } from "./tier-costs";

/** A looser budget: the most that each tier may cost, in USD a month. */
const looserBudgetUsd: Record<Tier, number> = { mvp: 35, startup: 105, growth: 445, scale: 2750 };

const usd = (amount: number) => amount.toFixed(2);
const bold = (text: string) => `**${text}**`;
const left = (amount: number) => (amount < -0.004 ? bold(`${usd(-amount)} over`) : usd(Math.abs(amount)));
const budgetOf = (tier: Tier) => tiers[tier].budgetUsd.to;

/** Items by resource, in the order of the paths. Those that cost nothing at the expected use are left out. */
function byResource({ items }: Cost): [path: string, items: CostItem[]][] {
  const groups = new Map<string, CostItem[]>();
  for (const item of items) if (item.monthlyUsd > 0) groups.set(item.path, [...(groups.get(item.path) ?? []), item]);
  return [...groups];
}

const sumOf = (items: CostItem[]) => items.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0);

function costTable(tier: Tier, cost: Cost): string {
  const rows = byResource(cost).map(([path, items]) => [
    `\`${path.replace(/^tierstack\//, "")}\`: ${items.map(({ item }) => item).join("; ")}`,
    usd(sumOf(items)),
  ]);
  const sum = [bold(`sum (${usd(cost.low)} - ${usd(cost.high)})`), bold(usd(cost.monthlyUsd))];
  return table([titles[tier], "USD"], ["---", "---:"], [...rows, sum]);
}

function costTables({ costs }: TierCosts): string {
  const basis = `A month of ${hoursPerMonth} hours in ${catalogueRegion}, at the expected use; in brackets the least and the most use.`;
  return [basis, ...tierNames.map((tier) => costTable(tier, costs[tier]))].join("\n\n");
}

/** The smallest spot discount in percent that keeps a tier within its budget. */
function spotDiscountCell(tier: Tier, { atSpotPrice, costs }: TierCosts): string {
  if (!costs[tier].items.some(({ item }) => item.startsWith("spot "))) return "";
  for (let percent = 0; percent <= 100; percent++)
    if (atSpotPrice(tier, 100 - percent).monthlyUsd <= budgetOf(tier))
      return percent === 0 ? "any" : `${percent} % or more`;
  return "none";
}

function budgetTable(all: TierCosts): string {
  const rows = tierNames.map((tier) => {
    const { monthlyUsd } = all.costs[tier];
    return [
      titles[tier],
      `${tiers[tier].budgetUsd.from} - ${budgetOf(tier)}`,
      usd(monthlyUsd),
      left(budgetOf(tier) - monthlyUsd),
      spotDiscountCell(tier, all),
      `${looserBudgetUsd[tier]}`,
      left(looserBudgetUsd[tier] - monthlyUsd),
      left(looserBudgetUsd[tier] - all.costs[tier].high),
    ];
  });
  return table(
    [
      "USD a month",
      "budget",
      "expected",
      "left of the budget",
      "spot discount needed",
      "looser budget",
      "left of it, expected",
      "left of it at the most use",
    ],
    ["---", "---:", "---:", "---:", "---:", "---:", "---:", "---:"],
    rows,
  );
}

function changeTable(changes: Change[], { costs }: TierCosts): string {
  const rows = changes.map(({ tier, label, cost }) => [
    titles[tier],
    label,
    usd(cost.monthlyUsd - costs[tier].monthlyUsd),
    left(budgetOf(tier) - cost.monthlyUsd),
  ]);
  return table(["tier", "change", "added USD a month", "left of the budget"], ["---", "---", "---:", "---:"], rows);
}

/** What something takes at each tier, and costs beside what was there before. */
const addedTable = (added: Change[], before: (tier: Tier) => Cost | undefined): string =>
  table(
    ["tier", "set", "added USD a month", "in all"],
    ["---", "---", "---:", "---:"],
    added.map(({ tier, label, cost }) => [
      titles[tier],
      label,
      usd(cost.monthlyUsd - (before(tier)?.monthlyUsd ?? 0)),
      usd(cost.monthlyUsd),
    ]),
  );

/** MVP's minimum, and the disk that the rest of its budget pays for. */
function minimalNodeTable({ costs }: TierCosts): string {
  const { vcpu, memoryGiB } = demands.k3s.smallestNode;
  const item = (prefix: string) => costs.mvp.items.filter(({ priceId }) => priceId.startsWith(prefix));
  const node = item("ec2.ondemand.");
  const address = item("vpc.ipv4.");
  const rest = budgetOf("mvp") - sumOf([...node, ...address]);
  // Rounds down to a tenth, to stay within the budget.
  const gib = Math.max(0, Math.floor((rest / (cataloguePrices.get("ebs.gp3.gb")?.usd ?? 1)) * 10) / 10);
  return table(
    ["MVP at its minimum", "", "USD"],
    ["---", "---", "---:"],
    [
      [node[0]?.item ?? "", `${vcpu} vCPU and ${memoryGiB} GiB, the minimum of k3s`, usd(sumOf(node))],
      ["public IPv4 of the node", "for ingress and egress", usd(sumOf(address))],
      [bold("left of the budget"), `buys ${gib} GiB of disk`, bold(usd(rest))],
    ],
  );
}

const notCountedList = ({ costs }: TierCosts) =>
  [...new Set(tierNames.flatMap((tier) => costs[tier].notCounted))].map((what) => `- ${what}`).join("\n");

/** The prices in the sums that no price list confirms. */
function weakPriceTable({ costs }: TierCosts): string {
  const used = [...new Set(tierNames.flatMap((tier) => costs[tier].items.map(({ priceId }) => priceId)))].sort();
  const weak = used.flatMap((id) => cataloguePrices.get(id) ?? []).filter(({ confidence }) => confidence !== "high");
  return table(
    ["price not confirmed by a price list", "USD", "per", "date", "note"],
    ["---", "---:", "---", "---", "---"],
    weak.map(({ id, usd: price, unit, note = "", asOf }) => [`\`${id}\``, `${price}`, unit, asOf ?? "unknown", note]),
  );
}

/** What a month of use is assumed to be. */
function assumptionTable(): string {
  const figure = (value: unknown): string =>
    typeof value === "number" ? `${value}` : Object.values(value as Record<string, number>).join(" / ");
  const cells = [...catalogueAssumptions.values()].map(({ id, unit, about, values }) => {
    const byTier = typeof values === "object" && "mvp" in values;
    const shown = byTier
      ? tierNames.map((tier) => `${titles[tier]} ${figure(values[tier])}`).join(", ")
      : figure(values);
    return [`\`${id}\``, about, unit, shown];
  });
  return table(["assumption", "what", "unit", "low / expected / high"], ["---", "---", "---", "---"], cells);
}

/** The tables that show what the tiers cost. */
export const costTablesOf = (all: TierCosts): Tables => ({
  costs: () => costTables(all),
  budgets: () => budgetTable(all),
  "least-node": () => minimalNodeTable(all),
  "cost-changes": () => changeTable(all.changes, all),
  "observability-costs": () => addedTable(all.observed, (tier) => all.costs[tier]),
  "log-costs": () => addedTable(all.logged, (tier) => all.observed.find((one) => one.tier === tier)?.cost),
  "on-demand-costs": () => changeTable(all.onDemand, all),
  "not-counted": () => notCountedList(all),
  "weak-prices": () => weakPriceTable(all),
  "cost-assumptions": assumptionTable,
});

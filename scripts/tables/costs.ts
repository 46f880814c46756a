/** The tables of docs/adr/0002-sizes-and-budgets.md. */
import { type Tier, tierNames, tiers } from "../../tiers";
import { demands } from "../../tiers/targets";
import {
  budgetLeft,
  type Change,
  type Costs,
  changes,
  costsOf,
  looserBudgetUsd,
  minimalNodeLines,
  requiredSpotDiscount,
} from "../costs/budget";
import { type Line, sumOf } from "../costs/lines";
import { hoursPerMonth, type Price, priceOf, spotDiscount } from "../costs/prices";
import { table } from "../markdown";
import { titles } from "../titles";

const usd = (cents: number) => (cents / 100).toFixed(2);
const bold = (text: string) => `**${text}**`;
const left = (cents: number) => (cents < 0 ? bold(`${usd(-cents)} over`) : usd(cents));
const range = ({ low, high }: Costs) => `${usd(low)} - ${usd(high)}`;

function spotDiscountCell(tier: Tier): string {
  const percent = requiredSpotDiscount(tier);
  if (percent === undefined) return "none";
  return percent === 0 ? "any" : `${percent} % or more`;
}

/** Returns the table of a tier's lines and their sum. */
export function costTable(title: string, { lines, sum, low, high }: Costs): string {
  const label = low === high ? "sum" : `sum (${range({ lines, sum, low, high })} over the range of spot prices)`;
  return table(
    [title, "USD"],
    ["---", "---:"],
    [...lines.map((line) => [line.label, usd(sumOf([line]))]), [bold(label), bold(usd(sum))]],
  );
}

/** Returns the cost tables of all tiers. */
export function costTables(): string {
  const basis =
    `A month of ${hoursPerMonth} hours in us-east-1; spot at ${spotDiscount.expected} % off the on-demand price, ` +
    `range ${spotDiscount.min} - ${spotDiscount.max} % off.`;
  return [basis, ...tierNames.map((tier) => costTable(titles[tier], costsOf(tier)))].join("\n\n");
}

/** Returns the table that compares the sums with both budgets. */
export function budgetTable(): string {
  const rows = tierNames.map((tier) => {
    const costs = costsOf(tier);
    const { from, to } = tiers[tier].budgetUsd;
    return [
      titles[tier],
      `${from} - ${to}`,
      usd(costs.sum),
      left(budgetLeft(tier, costs.sum)),
      costs.low === costs.high ? "" : spotDiscountCell(tier),
      `${looserBudgetUsd[tier]}`,
      left(looserBudgetUsd[tier] * 100 - costs.sum),
    ];
  });
  return table(
    [
      "USD a month",
      "budget",
      "sum",
      "left of the budget",
      "spot discount needed",
      "looser budget",
      "left of the looser budget",
    ],
    ["---", "---:", "---:", "---:", "---:", "---:", "---:"],
    rows,
  );
}

/** Returns the table of what changes of the sizes cost. */
export function changeTable(shown: Change[] = changes()): string {
  const rows = shown.map(({ tier, label, sum }) => [
    titles[tier],
    label,
    usd(sum - costsOf(tier).sum),
    left(budgetLeft(tier, sum)),
  ]);
  return table(["tier", "change", "added USD a month", "left of the budget"], ["---", "---", "---:", "---:"], rows);
}

/** Returns the table of MVP's minimum, and the disk that the rest of its budget pays for. */
export function minimalNodeTable(): string {
  const disk = priceOf("ebs.gp3.gb");
  const lines = minimalNodeLines();
  const rest = budgetLeft("mvp", sumOf(lines));
  const { vcpu, memoryGiB } = demands.k3s.smallestNode;
  const needs = `${vcpu} vCPU and ${memoryGiB} GiB, the minimum of k3s`;
  const remarks = [`the cheapest instance with ${needs}`, "for ingress and egress"];
  const row = (line: Line, remark = "") => [line.label, remark, usd(sumOf([line]))];
  // Rounds down to a tenth, to stay within the budget.
  const gib = Math.max(0, Math.floor(rest / disk.usd / 10) / 10);
  return table(
    ["MVP at its minimum", "", "USD"],
    ["---", "---", "---:"],
    [
      ...lines.map((line, index) => row(line, remarks[index])),
      [bold("left of the budget"), `buys ${gib} GiB of disk`, bold(usd(rest))],
    ],
  );
}

/** Usage-based prices that are not in the sums. */
const notCounted: Record<string, string> = {
  "cloudfront.us.t1": "traffic to the internet beyond CloudFront's free terabyte",
  "waf.requests": "WAF requests",
  "route53.zone.t1": "the hosted zone",
};

export function notCountedTable(): string {
  const rows = Object.entries(notCounted).map(([id, label]) => {
    const { usd: price, unit } = priceOf(id);
    return [label, `${price}`, unit];
  });
  return table(["not counted", "USD", "per"], ["---", "---:", "---"], rows);
}

/** Returns the table of prices in the sums that no price list confirms. */
export function weakPriceTable(): string {
  const items = tierNames.flatMap((tier) => costsOf(tier).lines).flatMap((line) => line.items);
  const used = [...new Set(items.map(({ priceId }) => priceId))].map(priceOf);
  const weak = used.filter(({ confidence }) => confidence !== "high");
  const row = ({ id, usd: price, unit, note = "", asOf }: Price) => [
    `\`${id}\``,
    `${price}`,
    unit,
    asOf ?? "unknown",
    note,
  ];
  return table(
    ["price not confirmed by a price list", "USD", "per", "date", "note"],
    ["---", "---:", "---", "---", "---"],
    weak.map(row),
  );
}

/** The tables of docs/adr/0002-sizes-and-budgets.md. */
import { type Tier, tierNames, tiers } from "../../tiers";
import {
  type Costs,
  changes,
  costsOf,
  k3sMinimum,
  leastNode,
  leftOf,
  secondGuideUsd,
  spotOffNeeded,
} from "../costs/budget";
import { type Line, sumOf } from "../costs/lines";
import { hoursAMonth, type Price, priceOf, spotOff } from "../costs/prices";
import { table } from "../markdown";

const titles: Record<Tier, string> = { mvp: "MVP", startup: "Startup", growth: "Growth", scale: "Scale" };

const usd = (cents: number) => (cents / 100).toFixed(2);
const bold = (text: string) => `**${text}**`;
const left = (cents: number) => (cents < 0 ? bold(`${usd(-cents)} over`) : usd(cents));
const range = ({ low, high }: Costs) => `${usd(low)} - ${usd(high)}`;

function spotNeeded(tier: Tier): string {
  const percent = spotOffNeeded(tier);
  if (percent === undefined) return "none";
  return percent === 0 ? "any" : `${percent} % or more`;
}

/** One tier's lines and their sum. */
export function costTable(title: string, { lines, sum, low, high }: Costs): string {
  const label = low === high ? "sum" : `sum (${range({ lines, sum, low, high })} over the range of spot prices)`;
  return table(
    [title, "USD"],
    ["---", "---:"],
    [...lines.map((line) => [line.label, usd(sumOf([line]))]), [bold(label), bold(usd(sum))]],
  );
}

/** Every tier's costs. */
export function costTables(): string {
  const basis =
    `A month of ${hoursAMonth} hours in us-east-1; spot at ${spotOff.expected} % off the on-demand price, ` +
    `range ${spotOff.least} - ${spotOff.most} % off.`;
  return [basis, ...tierNames.map((tier) => costTable(titles[tier], costsOf(tier)))].join("\n\n");
}

/** Sums against both guides. */
export function budgetTable(): string {
  const rows = tierNames.map((tier) => {
    const costs = costsOf(tier);
    const { from, to } = tiers[tier].budgetUsd;
    return [
      titles[tier],
      `${from} - ${to}`,
      usd(costs.sum),
      left(leftOf(tier, costs.sum)),
      costs.low === costs.high ? "" : spotNeeded(tier),
      `${secondGuideUsd[tier]}`,
      left(secondGuideUsd[tier] * 100 - costs.sum),
    ];
  });
  return table(
    [
      "USD a month",
      "budget",
      "sum",
      "left of the budget",
      "spot discount that holds it",
      "second guide",
      "left of that",
    ],
    ["---", "---:", "---:", "---:", "---:", "---:", "---:"],
    rows,
  );
}

/** What larger sizes cost. */
export function changeTable(): string {
  const rows = changes().map(({ tier, label, costs }) => [
    titles[tier],
    label,
    usd(costs.sum - costsOf(tier).sum),
    left(leftOf(tier, costs.sum)),
  ]);
  return table(["tier", "change", "more, USD a month", "left of the budget"], ["---", "---", "---:", "---:"], rows);
}

/** What MVP cannot do without, and what the rest of its budget buys. */
export function leastNodeTable(): string {
  const disk = priceOf("ebs.gp3.gb");
  const lines = leastNode();
  const rest = leftOf("mvp", sumOf(lines));
  const needs = `${k3sMinimum.vcpu} vCPU and ${k3sMinimum.memoryGiB} GiB, the least k3s asks for`;
  const remarks = [`the cheapest instance with ${needs}`, "to be reached, and to reach out"];
  const row = (line: Line, remark = "") => [line.label, remark, usd(sumOf([line]))];
  // Down to a tenth: what does not fit is not bought.
  const gib = Math.max(0, Math.floor(rest / disk.usd / 10) / 10);
  return table(
    ["MVP at the least", "", "USD"],
    ["---", "---", "---:"],
    [
      ...lines.map((line, index) => row(line, remarks[index])),
      [bold("left of the budget"), `buys ${gib} GiB of disk`, bold(usd(rest))],
    ],
  );
}

/** What grows with use and is not in the sums. */
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

/** Prices in the sums whose source is not a price list. */
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
    ["price that no price list confirms", "USD", "per", "seen", "what is known"],
    ["---", "---:", "---", "---", "---"],
    weak.map(row),
  );
}

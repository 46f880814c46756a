/** Renders docs/tiers.md: the sizes of every tier, side by side. */
import type { Cost } from "../planner/cost/types";
import { tierRows } from "../planner/views/tier-rows";
import { type Tier, tierNames, tiers } from "../tiers";
import { table } from "./markdown";

const usd = (amount: number) => amount.toFixed(2);

/** The page of the tiers, with what each costs. */
export function tiersPage(costs: Record<Tier, Cost>): string {
  const [budget = [], ...sizes] = tierRows();
  const expected = tierNames.map((tier) => usd(costs[tier].monthlyUsd));
  const range = tierNames.map((tier) => `${usd(costs[tier].low)} - ${usd(costs[tier].high)}`);
  const accepted = tierNames.map((tier) => {
    const own = tiers[tier].budgetUsd.accepted;
    return own ? `up to ${own.upToUsd}: ${own.reason}` : "-";
  });
  const rows = [
    budget,
    ["expected cost, USD per month", ...expected],
    ["at the least and the most use", ...range],
    ["accepted above the budget", ...accepted],
    ...sizes,
  ];
  return `<!-- Generated from tiers/ by \`npm run generate\`; edit there. -->
# Tiers

Each tier is a file of data in \`tiers/\`, which also gives the reasons. Override sizes in a stack file, with the keys in
[configuration.md](configuration.md).

${table(["", ...tierNames], ["---", ...tierNames.map(() => "---")], rows)}
`;
}

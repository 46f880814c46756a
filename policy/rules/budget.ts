import type { CostRule, PolicyCost } from "./rule";

/** The most that a stack may cost, in USD a month. Who keeps what a move would delete accepts its cost by the setting. */
export const acceptedUsd = ({ budgetUsd, accepted, kept }: PolicyCost): number =>
  Math.round(((accepted?.upToUsd ?? budgetUsd) + (kept?.monthlyUsd ?? 0)) * 100) / 100;

export const budgetRules: CostRule[] = [
  {
    name: "monthly-budget",
    demands:
      "The expected cost of a month is within the tier's budget, or within what the tier accepts beyond it for a reason, or " +
      "within `budgetUsd`. What `keep.managedStores` or `keep.nodeState` keeps after a move does not count. Only the plan checks it: " +
      "the engine knows no prices.",
    checkCost(cost) {
      const { monthlyUsd } = cost;
      const most = acceptedUsd(cost);
      if (monthlyUsd <= most) return [];
      const allowed = `at most ${most} USD a month`;
      const fix = "reduce the largest items that npm run plan shows, or accept the cost: set budgetUsd";
      return [{ where: "cost.monthlyUsd", given: `${monthlyUsd} USD a month`, allowed, fix }];
    },
  },
];

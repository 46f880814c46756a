import type { CostRule } from "./rule";

export const budgetRules: CostRule[] = [
  {
    name: "monthly-budget",
    demands:
      "The expected cost of a month is within the tier's budget, or within what the tier accepts beyond it for a reason, or " +
      "within `budgetUsd`. Only the plan checks it: the engine knows no prices.",
    checkCost({ monthlyUsd, budgetUsd, accepted }) {
      const most = accepted?.upToUsd ?? budgetUsd;
      if (monthlyUsd <= most) return [];
      const allowed = `at most ${most} USD a month`;
      const fix = "lower what npm run plan shows as dearest, or accept the cost: set budgetUsd";
      return [{ where: "cost.monthlyUsd", given: `${monthlyUsd} USD a month`, allowed, fix }];
    },
  },
];

import { catalogueAssumptions } from "../../planner/cost/assumptions";
import { cataloguePrices } from "../../planner/cost/prices";
import type { CostContext } from "../../planner/cost/types";

/** A context with the catalogues' prices and assumptions, and what of it a test gives. */
export const costContextWith = (given: Partial<CostContext> = {}): CostContext => ({
  tier: "growth",
  region: "us-east-1",
  nodes: {},
  budgetUsd: 300,
  prices: cataloguePrices,
  assumptions: catalogueAssumptions,
  ...given,
});

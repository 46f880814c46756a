import { tierNames } from "../../tiers";
import type { PlannedResource } from "../record/planned";
import { isMapping } from "../record/values";
import { monthlyCostOf } from "./cost";
import { completeRates } from "./rates";
import type { Cost, Rates } from "./types";

/** A plan as its file has it. Only what is asked here is known of its cost. */
interface Saved {
  tier: string;
  resources: PlannedResource[];
  cost?: Partial<Cost> | null;
}

const isBasis = (basis: unknown): basis is Cost["basis"] =>
  isMapping(basis) &&
  typeof basis.region === "string" &&
  isMapping(basis.nodes) &&
  (basis.keeps === undefined || Array.isArray(basis.keeps)) &&
  Object.values(basis.nodes).every(
    (nodes) => isMapping(nodes) && Number.isFinite(nodes.low) && Number.isFinite(nodes.expected),
  );

/**
 * Prices a saved plan anew, so that both sides of a move have the same prices. Undefined where it lacks what that needs,
 * as plans of older versions do.
 */
export function pricedAnew({ tier: name, resources, cost }: Saved, rates?: Rates): Cost | undefined {
  const tier = tierNames.find((one) => one === name);
  if (!tier || !isMapping(cost) || !isBasis(cost.basis) || typeof cost.budgetUsd !== "number") return undefined;
  const { basis, budgetUsd, accepted } = cost;
  try {
    return monthlyCostOf(resources, {
      tier,
      ...basis,
      budgetUsd,
      ...(accepted && { accepted }),
      ...completeRates(rates),
    });
  } catch (error) {
    // Inputs of another form than a recording's: somebody wrote into the file.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

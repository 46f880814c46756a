import type { Tier } from "../../tiers";
import catalogue from "../catalogues/cost-assumptions.json";
import { asLevel, type Level } from "./levels";

/** A figure for all three levels of use, or one for each. */
export type Figure = number | Level;

/** What a month of use is assumed to be. */
export interface Assumption {
  id: string;
  unit: string;
  about: string;
  source: string;
  /** The same at every tier, or by tier. */
  values: Figure | Record<Tier, Figure>;
}

/** Assumptions by id. */
export type Assumptions = ReadonlyMap<string, Assumption>;

export const catalogueAssumptions: Assumptions = new Map(
  (catalogue as Assumption[]).map((assumption) => [assumption.id, assumption]),
);

/** The levels of an assumption at a tier. Throws an error for an id that the catalogue lacks. */
export function assumed(assumptions: Assumptions, id: string, tier: Tier): Level {
  const assumption = assumptions.get(id);
  if (!assumption) throw new Error(`planner/catalogues/cost-assumptions.json has no ${id}; fix: add it`);
  const { values } = assumption;
  return asLevel(typeof values === "object" && "mvp" in values ? values[tier] : (values as Figure));
}

import type { Tier } from "../../tiers";
import type { Assumptions } from "./assumptions";
import type { KeepSetting } from "./kept";
import type { Level } from "./levels";
import type { Prices } from "./prices";

/** What a quantity costs. */
export interface Amount {
  quantity: number;
  /** Price of one unit in USD; for spot capacity the reduced one. */
  usdPerUnit: number;
  /** USD a month, rounded to cents. */
  monthlyUsd: number;
}

/** A line of the bill: what a resource pays for, at the expected use and at both ends of its range. */
export interface CostItem extends Amount {
  /** Path of the resource. */
  path: string;
  item: string;
  /** Unit of the price, such as `hour` or `GB-month`. */
  unit: string;
  /** Id in planner/catalogues/aws-prices.json. */
  priceId: string;
  low: Amount;
  high: Amount;
}

/** What a plan costs a month, in USD. */
export interface Cost {
  /** At the tier's expected use. */
  monthlyUsd: number;
  /** At the least use: autoscalers at their minimum, nobody comes, spot capacity at its cheapest. */
  low: number;
  /** At the most use: autoscalers at their maximum all month, the tier's most users, spot capacity at its dearest. */
  high: number;
  /** The limit in force: the user's `budgetUsd`, else the tier's. */
  budgetUsd: number;
  /** The tier's accepted excess over its budget and its reason. Absent with a limit of the user's. */
  accepted?: { upToUsd: number; reason: string };
  /** What is in the sum because of a setting. The budget does not count it. Absent where a stack keeps nothing. */
  kept?: KeptCost;
  /** What the sums follow from beside the resources and the tier, so that a saved plan can be priced anew. */
  basis: Pick<CostContext, "region" | "nodes" | "keeps">;
  items: CostItem[];
  /** What the sums leave out, and resources that nobody has judged. */
  notCounted: string[];
}

/** What a stack keeps of a tier that it has left. */
export interface KeptCost {
  settings: KeepSetting[];
  /** Paths of what is kept and has a price. */
  paths: string[];
  /** By how much the expected cost is lower without it. */
  monthlyUsd: number;
}

/** Prices and assumptions in place of the catalogues'. */
export type Rates = Partial<Pick<CostContext, "prices" | "assumptions">>;

/** What pricing needs beside the resources. */
export interface CostContext {
  tier: Tier;
  region: string;
  /** Fewest and expected nodes of each NodePool, by its name. The most follows from the pool's limits. */
  nodes: Record<string, Pick<Level, "low" | "expected">>;
  /** The settings by which the stack keeps what its sizes do not use. @default none */
  keeps?: KeepSetting[];
  budgetUsd: number;
  accepted?: Cost["accepted"];
  prices: Prices;
  assumptions: Assumptions;
}

/** A quantity that a resource pays for. */
export interface Charge {
  item: string;
  priceId: string;
  /** In units of the price. */
  quantity: Level;
  /** Percent of the price, for spot capacity. @default 100 */
  percent?: Level;
  /** The assumption that says how much an account has for free, and how much of it makes one unit of the price. */
  free?: { id: string; perUnit: number };
}

import catalogue from "../../planner/catalogues/aws-prices.json";

/** A price in us-east-1, and its source. */
export interface Price {
  id: string;
  item: string;
  unit: string;
  usd: number;
  source: string;
  /** Date of the source; null if it has none. */
  asOf: string | null;
  confidence: string;
  note?: string;
}

const prices = new Map((catalogue as Price[]).map((price) => [price.id, price]));

export const isPriced = (id: string) => prices.has(id);

export function priceOf(id: string): Price {
  const price = prices.get(id);
  if (!price) throw new Error(`planner/catalogues/aws-prices.json has no price ${id}; fix: add it with its source`);
  return price;
}

/** Hours in a month, as in the AWS Pricing Calculator. */
export const hoursPerMonth = 730;

/** Spot discount from the on-demand price in percent: the expected value and its range. */
export const spotDiscount = { expected: 50, min: 35, max: 70 };

/** A monthly quantity at a price, in the price's unit. */
export interface Item {
  priceId: string;
  quantity: number;
  /** Whether the item is a spot instance. `priceId` is then its on-demand price. */
  spot?: boolean;
}

/** Returns the cost of an item in cents a month. Each item is rounded separately, as on a bill. */
export function centsOf({ priceId, quantity, spot }: Item, percentOff = spotDiscount.expected): number {
  // Integer micro-dollars, so that half a cent rounds exactly.
  const millionths = Math.round(priceOf(priceId).usd * 1e6) * quantity * (spot ? 100 - percentOff : 100);
  return Math.round(millionths / 1e6);
}

import catalogue from "../../planner/catalogues/aws-prices.json";

/** A price of us-east-1, and where it was seen. */
export interface Price {
  id: string;
  item: string;
  unit: string;
  usd: number;
  source: string;
  /** Day of the source; null where it names none. */
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

/** Hours a month, as AWS's own calculator counts them. */
export const hoursAMonth = 730;

/** Percent that spot is below the on-demand price: what is expected, and the range that the market moves in. */
export const spotOff = { expected: 50, least: 35, most: 70 };

/** A quantity of one price, in the price's unit a month. */
export interface Item {
  priceId: string;
  quantity: number;
  /** The price is the on-demand one of an instance that is bought on the spot market. */
  spot?: boolean;
}

/** Cents a month. Each item is rounded by itself, as on a bill. */
export function centsOf({ priceId, quantity, spot }: Item, percentOff = spotOff.expected): number {
  // Whole millionths of a dollar, so that half a cent is exactly half a cent.
  const millionths = Math.round(priceOf(priceId).usd * 1e6) * quantity * (spot ? 100 - percentOff : 100);
  return Math.round(millionths / 1e6);
}

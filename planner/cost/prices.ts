import catalogue from "../catalogues/aws-prices.json";

/** A price and its source. */
export interface Price {
  id: string;
  item: string;
  /**
   * Region in which it is the price. Absent where the region of a stack does not matter, as for CloudFront, and in a file of
   * the user's that names none: it then is that of the stack.
   */
  region?: string;
  unit: string;
  usd: number;
  source: string;
  /** Date of the source; null if it has none. */
  asOf: string | null;
  confidence: string;
  note?: string;
}

/** Prices by id. */
export type Prices = ReadonlyMap<string, Price>;

/** File of the planner's own prices. */
export const catalogueFile = "planner/catalogues/aws-prices.json";

/** Region of the catalogue's prices. */
export const catalogueRegion = "us-east-1";

/** The prices of the catalogue: us-east-1, on demand. */
export const cataloguePrices: Prices = new Map((catalogue as Price[]).map((price) => [price.id, price]));

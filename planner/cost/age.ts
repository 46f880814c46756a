import type { Price, Prices } from "./prices";

/** Days after which a price counts as old, unless a user says otherwise. */
export const oldAfterDays = 365;

const dayMs = 24 * 60 * 60 * 1000;

/** A price with its age in days; null if it has no date. A date without a day is the first of its month. */
export interface PriceAge {
  price: Price;
  days: number | null;
}

const ageOf = ({ asOf }: Price, today: Date): number | null =>
  asOf === null ? null : Math.floor((today.getTime() - Date.parse(asOf.length === 7 ? `${asOf}-01` : asOf)) / dayMs);

/** Prices from the oldest to the youngest; those without a date first. */
export function pricesByAge(prices: Prices, today: Date): PriceAge[] {
  const age = ({ days }: PriceAge) => days ?? Number.POSITIVE_INFINITY;
  return [...prices.values()]
    .map((price) => ({ price, days: ageOf(price, today) }))
    .sort((a, b) => (age(a) === age(b) ? (a.price.id < b.price.id ? -1 : 1) : age(b) - age(a)));
}

/** Whether a price is older than a number of days, or has no date. */
export const isOld = ({ days }: PriceAge, maxDays: number): boolean => days === null || days > maxDays;

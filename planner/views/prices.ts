import { isOld, oldAfterDays, type PriceAge } from "../cost/age";
import { count, type Screen, table } from "./text";

/** How old the prices are: a line for all, and a row for each that is old or has no date. */
export function pricesView(ages: PriceAge[], screen: Screen): string {
  const old = ages.filter(isOld);
  const dated = ages.flatMap(({ days }) => days ?? []);
  const span = dated.length === 0 ? "none with a date" : `from ${Math.min(...dated)} to ${Math.max(...dated)} days old`;
  const head = `${count(ages.length, "price")}, ${span}; ${old.length} without a date or older than ${oldAfterDays} days`;
  if (old.length === 0) return `${head}\n`;
  const rows = old.map(({ price: { id, usd, unit, asOf, confidence } }) => [
    id,
    `${usd} per ${unit}`,
    asOf ?? "no date",
    confidence,
  ]);
  return `${[head, "", ...table(["price", "USD", "as of", "confidence"], rows, screen)].join("\n")}\n`;
}

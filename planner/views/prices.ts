import { isOld, type PriceAge } from "../cost/age";
import { count, type Screen, table } from "./text";

/** The youngest and the oldest age. */
function spanOf(ages: PriceAge[]): string {
  const dated = ages.flatMap(({ days }) => days ?? []);
  if (dated.length === 0) return "none with a date";
  const [least, most] = [Math.min(...dated), Math.max(...dated)];
  return least === most ? `${count(most, "day")} old` : `from ${least} to ${count(most, "day")} old`;
}

/** How old the prices are: a line for all, and a row for each that is older than a number of days or has no date. */
export function pricesView(ages: PriceAge[], maxDays: number, screen: Screen): string {
  const old = ages.filter((age) => isOld(age, maxDays));
  const head = `${count(ages.length, "price")}, ${spanOf(ages)}; ${old.length} without a date or older than ${count(maxDays, "day")}`;
  if (old.length === 0) return `${head}\n`;
  const rows = old.map(({ price: { id, usd, unit, asOf, confidence } }) => [
    id,
    `${usd} per ${unit}`,
    asOf ?? "no date",
    confidence,
  ]);
  return `${[head, "", ...table(["price", "USD", "as of", "confidence"], rows, screen)].join("\n")}\n`;
}

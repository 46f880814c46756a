/** The table of what a move is charged for, in docs/moving.md. */
import { oneOffs } from "../../planner/cost/one-off";
import { cataloguePrices } from "../../planner/cost/prices";
import { table } from "../markdown";
import { linked } from "./linked";

/** The region of the example, as docs/configuration.md has it. */
const inputs = { region: "us-west-2" };

const paidText = { once: "once", monthly: "each month until you delete it", unshrunk: "each month" };

/** `0.095 per GB-month`, or `free`. */
function priceText(price: (typeof oneOffs)[number]["price"]): string {
  if (typeof price !== "function") return "free";
  const { usd, unit } = cataloguePrices.get(price(inputs)) ?? {};
  return `${usd} per ${unit}`;
}

export function oneOffTable(): string {
  return table(
    ["change", "charge", "USD", "paid", "source"],
    ["---", "---", "---", "---", "---"],
    oneOffs.map(({ change, item, price, paid, source }) => [
      change,
      item,
      priceText(price),
      typeof price === "function" ? paidText[paid] : "",
      linked(source),
    ]),
  );
}

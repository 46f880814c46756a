/** The tables of docs/capacity.md. */
import { capacityOf } from "../../planner/capacity/capacity";
import { assumedCoefficients, assumptionsOf } from "../../planner/capacity/coefficients";
import { loadFigures } from "../../planner/views/capacity";
import { tierNames, tiers } from "../../tiers";
import { table } from "../markdown";
import { titles } from "../titles";

/** Returns the table of the coefficients, each with its source. */
export function assumptionTable(): string {
  return table(
    ["coefficient", "what", "unit", "low", "expected", "high", "source"],
    ["---", "---", "---", "---:", "---:", "---:", "---"],
    assumptionsOf(assumedCoefficients).map(({ name, what, unit, low, expected, high, source }) => [
      `\`${name}\``,
      what,
      unit,
      ...[low, expected, high].map(String),
      source,
    ]),
  );
}

/** Returns the table of what each tier carries with one queue, and what it must carry. */
export function carriedTable(): string {
  return table(
    ["tier", "", "low", "expected", "high", "required", "first at its limit"],
    ["---", "---", "---:", "---:", "---:", "---:", "---"],
    tierNames.flatMap((tier) => {
      const capacity = capacityOf(tiers[tier], { queues: [{}] });
      return loadFigures.map(([label, figure], at) => [
        at === 0 ? titles[tier] : "",
        label,
        ...[capacity.low, capacity, capacity.high].map((load) => String(load[figure])),
        String(capacity.required[figure] ?? "-"),
        at === 0 ? capacity.bottleneck.resource : "",
      ]);
    }),
  );
}

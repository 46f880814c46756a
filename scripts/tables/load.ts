/** The tables of docs/load.md. */
import { scenarios } from "../../planner/load/scenario";
import { thresholds } from "../../planner/load/thresholds";
import { valueText } from "../../planner/views/load";
import { tierNames, tiers } from "../../tiers";
import { code, table } from "../markdown";
import { titles } from "../titles";

/** Returns the table of the scenarios, with their sources. */
export function scenarioTable(): string {
  return table(
    ["scenario", "what", "steps", "from"],
    ["---", "---", "---", "---"],
    scenarios.map(({ name, what, steps, source = "" }) => [
      code(name),
      what,
      steps.map((step) => step.name + (step.once ? " (once)" : "")).join(", "),
      source,
    ]),
  );
}

/** Returns the table of what a test must keep. */
export function thresholdTable(): string {
  return table(
    ["figure", "below", "from"],
    ["---", "---", "---"],
    thresholds.map((one) => [code(one.name), valueText(one, one.below), one.source]),
  );
}

/** Returns the table of the rate of each tier. */
export function rateTable(): string {
  return table(
    ["tier", "requests a second"],
    ["---", "---"],
    tierNames.map((tier) => {
      const { requestsPerMinute } = tiers[tier].load;
      const rate = requestsPerMinute === undefined ? undefined : Math.round(requestsPerMinute / 60);
      return [titles[tier], rate === undefined ? "what its sizes are expected to carry" : `${rate}`];
    }),
  );
}

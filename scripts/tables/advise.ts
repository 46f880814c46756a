/** The tables of docs/advise.md. */
import { leverSteps } from "../../planner/advise/levers";
import { metricInfo, metricNames, unitOf, unitsOf } from "../../planner/advise/metrics";
import { type Condition, idleQueue, type Lever, rules, tooLarge, unhealthy } from "../../planner/advise/rules";
import { lengthText, leverTitles } from "../../planner/views/advice";
import { code, table } from "../markdown";

/** Returns the table of the metrics, with their units. */
export function metricTable(): string {
  return table(
    ["metric", "what", "unit"],
    ["---", "---", "---"],
    metricNames.map((name) => {
      const [own, ...others] = unitsOf(name).map(code);
      return [code(name), metricInfo(name).what, others.length === 0 ? `${own}` : `${own}, or ${others.join(", ")}`];
    }),
  );
}

const conditionText = ({ metric, is, threshold }: Condition) => `${code(metric)} ${is} ${threshold} ${unitOf(metric)}`;

const askText = (ask: Lever | "busiest") => {
  if (ask === "busiest") return "the lever of the busiest resource";
  return ask === "tier" ? "the next tier" : leverTitles[ask].title;
};

/** Returns the table of the rules, in the order in which they decide. */
export function adviceRuleTable(): string {
  return table(
    ["condition", "window", "asks for", "or", "from"],
    ["---", "---", "---", "---", "---"],
    [...rules, idleQueue].map((rule) => {
      const [first, ...others] = rule.asks.map(askText);
      return [conditionText(rule), lengthText(rule.minutes), `${first}`, others.join(", "), rule.source];
    }),
  );
}

/** Returns the table of what makes a tier too large. */
export function tooLargeTable(): string {
  return table(
    ["condition", "window", "from"],
    ["---", "---", "---"],
    tooLarge.map((one) => [conditionText(one), lengthText(one.minutes), one.source]),
  );
}

/** Returns the table of what is not healthy. */
export function unhealthyTable(): string {
  return table(
    ["condition", "window"],
    ["---", "---"],
    unhealthy.map((one) => [conditionText(one), lengthText(one.minutes)]),
  );
}

/** Returns the table of the levers. */
export function leverTable(): string {
  const levers = Object.keys(leverSteps) as (keyof typeof leverSteps)[];
  return table(
    ["lever", "changes"],
    ["---", "---"],
    levers.map((lever) => [leverTitles[lever].title, leverSteps[lever].what]),
  );
}

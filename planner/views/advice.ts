import type { Finding } from "../advise/findings";
import type { Change } from "../advise/levers";
import { titleOf, unitOf } from "../advise/metrics";
import type { Advice, Option, PlanFigures } from "../advise/option";
import type { Lever } from "../advise/rules";
import { limitText, sourceText } from "./capacity";
import { signedUsd, usd } from "./cost";
import { count, type Screen, table, visible, wrap } from "./text";

/** What a lever is called, and what of the stack it changes. */
export const leverTitles: Record<Lever, { title: string; of: string }> = {
  tier: { title: "another tier", of: "tier" },
  node: { title: "a larger node type", of: "nodes" },
  pods: { title: "more pods of the application", of: "pods" },
  database: { title: "a larger database", of: "database" },
  replica: { title: "one more read replica", of: "replicas" },
  pool: { title: "a larger connection pool", of: "pool" },
  cache: { title: "a larger cache", of: "cache" },
  shards: { title: "one more cache shard", of: "shards" },
  workers: { title: "more workers", of: "workers" },
  "fewer-workers": { title: "fewer workers", of: "workers" },
};

/** Three digits are what the metrics are good for. */
const figure = (value: number) => String(Number(value.toPrecision(3)));

const valueText = (value: string, metric: Finding["metric"]) => `${value} ${unitOf(metric)}`;

/** `2026-11-20 10:00 to 10:34 UTC`, with the day of the end where it is another. */
export function periodText({ from, to }: { from: string; to: string }): string {
  const [day, endDay] = [from, to].map((time) => time.slice(0, 10));
  const [start, end] = [from, to].map((time) => time.slice(11, 16));
  return `${day} ${start} to ${day === endDay ? "" : `${endDay} `}${end} UTC`;
}

/** `34 minutes`, `7.2 days`. */
export function lengthText(minutes: number): string {
  if (minutes >= 48 * 60) return count(Number(figure(minutes / 1440)), "day");
  return minutes >= 180 ? count(Number(figure(minutes / 60)), "hour") : count(Number(figure(minutes)), "minute");
}

/** How a name of the user's is shown. */
type Named = (name: string) => string;

/** A finding as a sentence: metric, threshold and window, then the values, how long, and when. */
export function findingText(finding: Finding, named: Named = visible): string {
  const { metric, condition, least, most } = finding;
  const values = figure(least) === figure(most) ? figure(least) : `${figure(least)} to ${figure(most)}`;
  const threshold = valueText(figure(condition.threshold), metric);
  return (
    `${named(titleOf(finding))} ${condition.is} ${threshold} for ${lengthText(condition.minutes)}: ` +
    `${valueText(values, metric)} for ${lengthText(finding.minutes)}, ${periodText(finding)}`
  );
}

const changeText = ({ key, before, after }: Change) => `${key}: ${before} -> ${after}`;

/** What to do, in a sentence. */
export function answerText({ stack, tier, answer }: Pick<Advice, "stack" | "tier" | "answer">): string {
  switch (answer.do) {
    case "stay":
      return `${stack}: stay at ${tier}.`;
    case "nothing left":
      return `${stack}: the load asks for more than ${tier}, and no option is left.`;
    case "tier":
      return answer.direction === "down"
        ? `${stack}: ${tier} is too large. Move down to ${answer.tier}.`
        : `${stack}: move up from ${tier} to ${answer.tier}.`;
    case "lever":
      return `${stack}: stay at ${tier}, with ${leverTitles[answer.lever].title} (${changeText(answer.change)}).`;
  }
}

/** `tier scale`, `replicas 2`. */
const optionTitle = ({ lever, tier, change }: Option) =>
  [leverTitles[lever].of, tier ?? change?.after].filter((part) => part !== undefined).join(" ");

type Planned = Option & { figures: PlanFigures };
const plannedOf = ({ options }: Advice) => options.filter((option): option is Planned => option.figures !== undefined);

/** What the stack costs and carries now, and with each option that can be planned; and what that is from. */
export function optionTable(advice: Advice): { head: string[]; rows: string[][]; note: string } {
  const { now } = advice;
  const row = (name: string, { cost, capacity }: PlanFigures, more: string) => [
    name,
    `${usd(cost.monthlyUsd)}${more}`,
    ...[capacity.requestsPerMinute, capacity.queriesPerSecond, capacity.concurrentUsers, capacity.jobsPerMinute].map(
      String,
    ),
  ];
  const rows = [
    row("now", now, ""),
    ...plannedOf(advice).map((option) => {
      const more = option.figures.cost.monthlyUsd - now.cost.monthlyUsd;
      return row(optionTitle(option), option.figures, ` (${signedUsd(more)})`);
    }),
  ];
  const head = ["options", "USD/month", "requests/min", "queries/s", "users", "jobs/min"];
  const [chosen] = plannedOf(advice);
  const first = now.capacity.bottleneck.resource;
  const then = chosen?.figures.capacity.bottleneck.resource ?? first;
  const limit = then === first ? first : `now ${first}; with ${chosen && optionTitle(chosen)}: ${then}`;
  return { head, rows, note: `load: ${sourceText(now.capacity)}; first at its limit: ${limit}` };
}

/** A titled list; nothing without texts. */
function list(title: string, texts: string[], { paint, width }: Screen, sign = "-"): string[] {
  if (texts.length === 0) return [];
  const rest = " ".repeat(sign.length + 3);
  return ["", paint("bold", title), ...texts.flatMap((text) => wrap(`${sign} ${text}`, width, "  ", rest))];
}

/** Whether a stack costs more than its budget, and than what its tier accepts beyond it. */
const isOver = ({ cost: { monthlyUsd, budgetUsd, accepted } }: PlanFigures) =>
  monthlyUsd > (accepted?.upToUsd ?? budgetUsd);

/**
 * Options that break their budget, and those that carry less than was measured. A setting is no news where the stack is
 * over the budget already; another tier has a budget of its own.
 */
function doubts(advice: Advice): string[] {
  const { now, measured } = advice;
  const over = plannedOf(advice).filter(({ tier, figures }) => isOver(figures) && (tier || !isOver(now)));
  const requests = measured.requestsPerMinute ?? 0;
  const small = plannedOf(advice).filter(({ figures }) => figures.capacity.requestsPerMinute < requests);
  const named = (options: Planned[]) => options.map(optionTitle).join(", ");
  const budgets = [...new Set(over.map(({ figures }) => figures.cost.budgetUsd))];
  return [
    ...budgets.map((budget) => {
      const options = over.filter(({ figures }) => figures.cost.budgetUsd === budget);
      return `over the budget of ${budget}: ${named(options)}. Set budgetUsd if you accept it, or the plan exits with 1`;
    }),
    ...(small.length > 0
      ? [`fewer requests than the ${Math.ceil(requests)} a minute that were measured, by the model: ${named(small)}`]
      : []),
  ];
}

/** What stands in the way of options, or makes them doubtful. */
export function obstacles(advice: Advice, named: Named = visible): string[] {
  const { options, now, unknown } = advice;
  return [
    ...options.flatMap((option) => {
      const title = optionTitle(option);
      const notCounted = option.figures?.cost.notCounted ?? [];
      return [
        ...(option.impossible === undefined ? [] : [`${title}: not possible: ${option.impossible}`]),
        ...option.problems.map((problem) => `${title}: cannot be planned yet: ${named(problem)}`),
        ...notCounted
          .filter((text) => !now.cost.notCounted.includes(text))
          .map((text) => `${title}: not counted: ${named(text)}`),
      ];
    }),
    ...doubts(advice),
    ...unknown.perhapsShares.map(
      (series) =>
        `${named(series)} has no unit and no value above 1, taken as percent: if they are shares, give the unit "share"`,
    ),
  ];
}

/** Why the tier is not too large, although its CPU is idle. */
export const notSmallerTexts = ({ notSmaller }: Advice, named: Named = visible): string[] =>
  notSmaller === undefined ? [] : [named(notSmaller)];

/** What was not measured, or not long enough. */
export function unknownTexts({ unknown: { notMeasured, tooShort, gaps } }: Advice, named: Named = visible): string[] {
  return [
    ...(notMeasured.length > 0 ? [`not measured: ${notMeasured.join(", ")}`] : []),
    ...tooShort.map(
      ({ series, minutes, needed }) =>
        `${named(series)} was measured for ${lengthText(minutes)}, less than a window of ${lengthText(needed)}`,
    ),
    ...gaps.map(
      ({ series, from, to }) => `${named(series)} has a gap, ${periodText({ from, to })}: no window goes over it`,
    ),
  ];
}

/** Costs and load of a stack that stays as it is. */
export const stayText = ({ cost, capacity }: PlanFigures) =>
  `${usd(cost.monthlyUsd)} of ${cost.budgetUsd} USD a month; ${capacity.requestsPerMinute} requests a minute ` +
  `(${sourceText(capacity)}); ${limitText(capacity)}`;

/** When the metrics were measured, and the most requests. */
export function measuredText({ measured }: Pick<Advice, "measured">): string {
  const { requestsPerMinute } = measured;
  const requests = requestsPerMinute === undefined ? "" : `; up to ${Math.ceil(requestsPerMinute)} requests a minute`;
  return `Measured ${periodText(measured)}${requests}.`;
}

/** The option that is the answer; undefined without one. */
export const chosenOf = ({ answer, options }: Advice): Option | undefined =>
  answer.do === "tier" || answer.do === "lever" ? options[0] : undefined;

/** The advice as text: the answer, what decided it, the options, how to go about it, and what is not known. */
export function adviceView(advice: Advice, screen: Screen): string {
  const { paint, width } = screen;
  const { because, busiest, watch, now, checklist } = advice;
  const chosen = chosenOf(advice);
  const move = chosen?.move ? [chosen.move.verdict, ...chosen.move.facts] : [];
  const findings = (all: Finding[]) => all.map((one) => findingText(one));
  const { head, rows, note } = optionTable(advice);
  const options = () => [...table(head, rows, screen), ...wrap(note, width)];
  const lines = [
    ...wrap(answerText(advice), width).map((line) => paint("bold", line)),
    ...wrap(measuredText(advice), width),
    ...list("Because", [...findings(because), ...(busiest ? [busiest] : [])], screen),
    "",
    ...(advice.answer.do === "stay" ? wrap(stayText(now), width) : options()),
    ...list("Why not smaller", notSmallerTexts(advice), screen),
    ...list("Caveats", obstacles(advice), screen),
    ...(move.length > 0 ? ["", ...move.flatMap((text) => wrap(text, width))] : []),
    ...(chosen
      ? ["", paint("bold", "Commands"), ...chosen.commands.flatMap((line) => wrap(line, width, "  ", "    "))]
      : []),
    ...list("Checklist", checklist, screen, "[ ]"),
    ...list("Not healthy", findings(watch), screen),
    ...list("Not known", unknownTexts(advice), screen),
  ];
  return `${lines.join("\n")}\n`;
}

/** What a load test measured, as text. */
import { timeoutSeconds } from "../load/generator";
import { requestsBySecond } from "../load/profile";
import { totals } from "../load/recorder";
import { highestKept, type Load, type Result } from "../load/result";
import { mostLevels, type Row, type Test } from "../load/run";
import { Session } from "../load/session";
import { thresholds, type Verdict } from "../load/thresholds";
import { type Screen, table, wrap } from "./text";

export const msText = (value: number | null): string => (value === null ? "-" : `${Number(value.toPrecision(3))} ms`);
export const shareText = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

export const valueText = ({ unit }: Pick<Verdict, "unit">, value: number | null) =>
  value === null ? "nothing measured" : unit === "ms" ? msText(value) : shareText(value);

/** `not below 200 ms`. */
export const boundText = (verdict: Verdict): string =>
  `${verdict.kept ? "below" : "not below"} ${valueText(verdict, verdict.below)}`;

/** `p95 34 ms, below 200 ms`. */
export const verdictText = (verdict: Verdict): string =>
  `${verdict.name} ${valueText(verdict, verdict.measured)}, ${boundText(verdict)}`;

/** Kinds of errors, the most frequent first. */
const kindsText = (kinds: Record<string, number>): string =>
  Object.entries(kinds)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, number]) => `${number} x ${kind}`)
    .join(", ");

/** Where the generator is this busy, its own times are in the result. */
const busyGenerator = 0.8;

const busiestOf = (utilisation: Record<string, number>) =>
  Object.entries(utilisation)
    .sort(([, a], [, b]) => b - a)
    .map(([name, share]) => `${name} ${shareText(share)}`)[0];

/** What a limit is, in words. */
const limitName = (binding: string): string =>
  binding === "requests"
    ? "something that no metric shows"
    : binding === "connections"
      ? "connections"
      : `CPU of ${binding}`;

/** What a staircase found. */
export function kneeText({ levels, knee, needed }: Load): string[] {
  if (!knee) return [];
  const { measured, fitted, predicted } = knee;
  const kept = highestKept(levels);
  const of = needed === null ? "" : `, of ${needed} needed`;
  const lines = [
    kept === undefined
      ? `No level kept every threshold${of}.`
      : `Every threshold was kept up to ${kept} requests/s${of}.`,
  ];
  if (measured === null) lines.push("Every level kept up: the knee is beyond the highest one.");
  else lines.push(`Knee: ${measured} requests/s${fitted ? `, limited by ${limitName(fitted.binding)}` : ""}.`);
  if (measured === null && fitted)
    lines.push(
      `The levels predict a knee at ${fitted.throughput} requests/s, limited by ${limitName(fitted.binding)}.`,
    );
  if (measured !== null && predicted)
    lines.push(
      `The levels before it predicted ${predicted.throughput} requests/s (${shareText(Math.abs(predicted.throughput / measured - 1))} off), ` +
        `limited by ${limitName(predicted.binding)}.`,
    );
  return lines;
}

/** What a reader must know before the figures. */
export function noteTexts({ stopped, unread, levels }: Load): string[] {
  const kinds = totals(levels.map((level) => level.kinds));
  const limited = kinds["429"]
    ? ["A rate limit answered 429: raise it for the test, or send from more addresses (docs/load.md)."]
    : [];
  return [
    ...(stopped ? ["Stopped before its end."] : []),
    ...(levels.some(({ generator }) => generator > busyGenerator)
      ? ["This computer was busy with sending: use a faster one, or several."]
      : []),
    ...unread.map((url) => `${url} gave no metrics that are known.`),
    ...(Object.keys(kinds).length > 0 ? [`Errors: ${kindsText(kinds)}.`] : []),
    ...limited,
  ];
}

/** `user-sessions, up to 83 requests/s, to https://app.example.com (startup)`. */
const titleText = ({ scenario, rate, url, stack, staircase, levels }: Load): string =>
  `${scenario}, up to ${staircase ? (levels.at(-1)?.rate ?? rate) : rate} requests/s, to ${url}${stack === null ? "" : ` (${stack})`}`;

/** The first words of a result. */
export const resultText = ({ kept }: Load): string => (kept ? "Every threshold is kept." : "A threshold is broken.");

export const levelHeads = ["asked/s", "answered/s", "in flight", "p50", "p95", "p99", "errors", "busiest"];

export const levelCells = ({
  rate,
  throughput,
  inFlight,
  p50,
  p95,
  p99,
  errors,
  utilisation,
}: Load["levels"][number]): string[] => [
  `${rate}`,
  `${throughput}`,
  `${inFlight}`,
  msText(p50),
  msText(p95),
  msText(p99),
  shareText(errors),
  busiestOf(utilisation) ?? "-",
];

/** The result of a test. */
export function loadView({ load }: Result, screen: Screen): string {
  const { paint, width } = screen;
  const verdicts = load.staircase ? [] : load.levels.flatMap((level) => level.verdicts);
  const lines = [
    paint("bold", titleText(load)),
    paint(load.kept ? "green" : "red", resultText(load)),
    ...verdicts.map((verdict) => `  ${verdictText(verdict)} (${verdict.source})`),
    "",
    ...table(levelHeads, load.levels.map(levelCells), screen),
    "",
    ...[...kneeText(load), ...noteTexts(load)].flatMap((line) => wrap(line, width)),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

/** A second of a test, for the progress line. */
export const rowText = ({ at, rate, throughput, p95, errors, kinds }: Row): string =>
  `${at + 1} s: ${rate} requests/s asked, ${throughput} answered, p95 ${msText(p95)}, errors ${shareText(errors)}` +
  (errors > 0 ? ` (${kindsText(kinds)})` : "");

/** The rates over the test: `0 to 83 requests/s in 12 s`. */
function rateLines({ scenario, rate, seconds, step }: Test): string[] {
  if (step !== undefined)
    return [
      `${step} requests/s for ${seconds} s, then ${step} more each time, to ${rate} at most, or until the server no longer keeps up (${mostLevels} levels at most)`,
    ];
  const whole = scenario.phases.reduce((sum, { share }) => sum + share, 0);
  const total = requestsBySecond(scenario.phases, rate, seconds).reduce((sum, one) => sum + one, 0);
  const lines = scenario.phases.map(({ share, from, to }) => {
    const length = Number(((seconds * share) / whole).toPrecision(3));
    const [first, last] = [from, to].map((factor) => Math.round(rate * factor));
    return first === last ? `${first} requests/s for ${length} s` : `${first} to ${last} requests/s within ${length} s`;
  });
  return [...lines, `${total} requests in all`];
}

/** What a test would send, without its secrets. */
export function dryRunView(test: Test, { paint, width }: Screen): string {
  const { scenario, target } = test;
  const session = new Session(scenario, 1, { base: target.base, headers: {} });
  const steps = scenario.steps.flatMap((step) => {
    const { method, path, headers, body } = session.shown(step);
    const own = Object.entries(headers).map(([name, value]) => `    ${name}: ${value}`);
    const signed = step.sign ? [`    signed as ${step.sign.as} with ${step.sign.secret}`] : [];
    return [
      `  ${step.name}: ${method} ${path}${step.once ? " (once for each user)" : ""}`,
      ...own,
      ...(body === undefined ? [] : [`    ${body}`]),
      ...signed,
    ];
  });
  const common = Object.keys(target.headers).map((name) => `  ${name}: [secret]`);
  const lines = [
    paint("bold", `${scenario.name}: ${scenario.what}`),
    `to ${target.origin}`,
    ...rateLines(test).map((line) => `  ${line}`),
    "",
    "each user, one request a second:",
    ...steps,
    ...(common.length > 0 ? ["with every request:", ...common] : []),
    "",
    `thresholds: ${thresholds.map((one) => `${one.name} below ${valueText(one, one.below)}`).join(", ")}; an answer may take ${timeoutSeconds} s`,
    "nothing was sent",
  ];
  const wrapped = lines.flatMap((line) => wrap(line.trimStart(), width, /^ */.exec(line)?.[0]));
  return `${wrapped.join("\n")}\n`;
}

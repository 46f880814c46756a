/** The command line of `npm run load`. */
import { SettingsError } from "../../config/problems";
import type { Problem } from "../../tiers/problem";
import { measurable } from "../capacity/load-test";
import type { Target } from "../load/run";
import type { Source } from "../load/sampler";
import { readScenario, type Scenario, scenarios } from "../load/scenario";
import { targetOf } from "../load/target";
import { formatOf, formatProblem, parseArguments } from "./arguments";
import { type Figures, figureFlags, readFigures } from "./figures";

export const formats = ["text", "json", "html"] as const;
export type Format = (typeof formats)[number];
/** The format without `--format`. */
export const otherwise = "text";

/** Seconds of a test, and of a level of a staircase, without `--duration`. */
export const defaultSeconds = { phases: 60, level: 20 };

const sampled = measurable.filter((name) => name !== "connections");

/** A test to run. */
export interface TestRequest {
  target: Target;
  /** Undefined where only a rate is given. */
  stack: string | undefined;
  scenario: Scenario;
  rate: number | undefined;
  factor: number | undefined;
  step: number | undefined;
  seconds: number;
  sources: Source[];
  dryRun: boolean;
  yes: boolean;
}

export interface Request {
  /** A result to show again, or a test to run. */
  result: string | undefined;
  test: TestRequest | undefined;
  format: Format;
  out: string | undefined;
  cwd: string | undefined;
  figures: Figures;
}

const usage = "write npm run load -- STACK https://..., or npm run load -- RESULT.json";

const flags = [
  "scenario",
  "file",
  "duration",
  "rate",
  "factor",
  "step",
  "header",
  "metrics",
  "format",
  "out",
  "cwd",
  ...figureFlags,
] as const;
type Parsed = ReturnType<typeof parseArguments<(typeof flags)[number]>>;

/** Bounds of the numbers. */
const bounds = {
  duration: { least: 5, most: 3600, whole: true },
  rate: { least: 1, most: 20_000, whole: true },
  step: { least: 1, most: 5000, whole: true },
  factor: { least: 0.01, most: 100, whole: false },
} as const;

function numberOf({ values }: Parsed, flag: keyof typeof bounds, problems: Problem[]): number | undefined {
  const given = values[flag];
  if (given === undefined) return undefined;
  const { least, most, whole } = bounds[flag];
  const value = Number(given);
  if (given.trim() !== "" && value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  const allowed = `${whole ? "a whole number" : "a number"} from ${least} to ${most}`;
  problems.push({ where: `--${flag}`, given, allowed, fix: "correct it" });
  return undefined;
}

/** Headers of every request. Their values are not shown: they may be secrets. */
function headersOf({ all }: Parsed, problems: Problem[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const given of all?.header ?? []) {
    const [, name, value] = /^([A-Za-z0-9-]+):\s*(\P{Cc}+)$/u.exec(given) ?? [];
    if (name === undefined || value === undefined)
      problems.push({
        where: "--header",
        given: given.includes(":") ? "a header of another form" : "a header without a colon",
        allowed: "a name, a colon and a value",
        fix: "write --header 'Authorization: Bearer ...'",
      });
    else headers[name] = value;
  }
  return headers;
}

function sourcesOf({ all }: Parsed, problems: Problem[]): Source[] {
  return (all?.metrics ?? []).flatMap((given) => {
    const [, name, url = ""] = /^(\w+)=(.*)$/.exec(given) ?? [];
    const resource = sampled.find((one) => one === name);
    if (resource && /^https?:/.test(url) && URL.canParse(url)) return [{ resource, url }];
    const allowed = `one of ${sampled.join(", ")}, then = and the address of its metrics`;
    problems.push({
      where: "--metrics",
      given,
      allowed,
      fix: "write --metrics application=http://localhost:8080/metrics",
    });
    return [];
  });
}

function scenarioOf({ values: { scenario, file } }: Parsed, problems: Problem[]): Scenario | undefined {
  if (scenario !== undefined && file !== undefined)
    problems.push({ where: "--file", given: "--scenario beside it", allowed: "one of them", fix: "leave one out" });
  if (file !== undefined) return readScenario(file);
  const found = scenarios.find(({ name }) => name === (scenario ?? scenarios[0]?.name));
  const allowed = scenarios.map(({ name }) => name).join(", ");
  if (!found) problems.push({ where: "--scenario", given: scenario ?? "", allowed, fix: "choose one of them" });
  return found;
}

/** Secrets of signatures that the environment does not have. */
const missingSecrets = ({ steps }: Scenario): Problem[] =>
  [...new Set(steps.flatMap(({ sign }) => (sign && !process.env[sign.secret] ? [sign.secret] : [])))].map((where) => ({
    where,
    given: "nothing",
    allowed: "an environment variable with the secret that signs requests of the scenario",
    fix: `run ${where}=... npm run load -- ...`,
  }));

function testOf(parsed: Parsed, problems: Problem[]): TestRequest | undefined {
  const { positionals, switches, values } = parsed;
  const headers = headersOf(parsed, problems);
  const sources = sourcesOf(parsed, problems);
  const [duration, rate, factor, step] = (["duration", "rate", "factor", "step"] as const).map((flag) =>
    numberOf(parsed, flag, problems),
  );
  const scenario = scenarioOf(parsed, problems);
  const urls = positionals.filter((one) => one.includes(":"));
  const stacks = positionals.filter((one) => !one.includes(":"));
  if (urls.length !== 1 || stacks.length > 1) {
    // A wrong flag may have taken the place of one.
    if (parsed.problems.length === 0)
      problems.push({
        where: "command line",
        given: positionals.join(" ") || "nothing",
        allowed: "a stack and an address",
        fix: usage,
      });
    return undefined;
  }
  const { target, problems: wrong } = targetOf(urls[0] ?? "", headers);
  problems.push(...wrong);
  if (stacks.length === 0 && values.rate === undefined && values.step === undefined)
    problems.push({ where: "command line", given: "no stack", allowed: "a stack, or --rate", fix: usage });
  if (values.factor !== undefined && (values.rate !== undefined || stacks.length === 0 || values.step !== undefined))
    problems.push({
      where: "--factor",
      given: "--rate, --step or no stack",
      allowed: "a multiple of the stack's load",
      fix: "leave --factor out",
    });
  if (step !== undefined && rate !== undefined && step > rate)
    problems.push({ where: "--step", given: `${step}`, allowed: `at most --rate ${rate}`, fix: "lower it" });
  if (!target || !scenario) return undefined;
  const seconds = duration ?? (step === undefined ? defaultSeconds.phases : defaultSeconds.level);
  const [dryRun, yes] = [switches.includes("dry-run"), switches.includes("yes")];
  if (!dryRun) problems.push(...missingSecrets(scenario));
  return { target, stack: stacks[0], scenario, rate, factor, step, seconds, sources, dryRun, yes };
}

/** Reads a command line. Throws a SettingsError with every problem at once. */
export function requestOf(argv: string[]): Request {
  const parsed = parseArguments(argv, flags, ["dry-run", "yes"], ["header", "metrics"]);
  const { positionals, values } = parsed;
  const problems = [...parsed.problems];
  const format = formatOf(values, otherwise);
  problems.push(...formatProblem(format, formats));
  const [first = ""] = positionals;
  const result = positionals.length === 1 && first.endsWith(".json") && !first.includes("://") ? first : undefined;
  const test = result === undefined ? testOf(parsed, problems) : undefined;
  if (problems.length > 0) throw new SettingsError(problems);
  return { result, test, format: format as Format, out: values.out, cwd: values.cwd, figures: readFigures(values) };
}

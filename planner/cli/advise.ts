import { SettingsError } from "../../config/problems";
import type { Tier } from "../../tiers";
import type { Problem } from "../../tiers/problem";
import { type Asked, ask } from "../advise/advice";
import { checklist } from "../advise/checklist";
import { peakOf } from "../advise/findings";
import type { Change, Step } from "../advise/levers";
import type { Series } from "../advise/metrics";
import { type Advice, answerOf, commandsOf, type Option, type PlanFigures } from "../advise/option";
import { inOwnUnits, type Measured, queueProblems, readMetrics } from "../advise/read";
import type { Plan, Planned } from "../plan";
import { type Project, readProject, readStack, stackNames } from "../stacks";
import { adviceView } from "../views/advice";
import { markdownAdvice } from "../views/advice-markdown";
import { factsOf, verdict } from "../views/diff";
import type { Screen } from "../views/text";
import { formatOf, formatProblem, formatsText, parseArguments } from "./arguments";
import { atItsPrice, moveBetween } from "./diff";
import { type Figures, figureFlags, figureOptions, readFigures } from "./figures";
import { commonOptions, type Help } from "./help";
import { exitCodeOf, Mistakes } from "./mistakes";
import { screenFor, write } from "./output";
import { toldText } from "./packaged";
import { plan, planConfig } from "./plan";
import { Progress } from "./progress";

/** The views by format. A new one is an entry here. */
const views = {
  text: (advice: Advice, screen: Screen) => toldText(adviceView(advice, screen)),
  markdown: (advice: Advice) => toldText(markdownAdvice(advice)),
  json: (advice: Advice) => `${JSON.stringify(advice, null, 2)}\n`,
} satisfies Record<string, (advice: Advice, screen: Screen) => string>;
const formats = Object.keys(views);
/** The format without `--format`. */
const otherwise = "text";

export const adviseHelp: Help = {
  usage: ["npm run advise -- METRICS.json [METRICS.json ...] [STACK] [options]"],
  about: [
    "Says what measured metrics ask of a stack: stay, one setting or another tier, with the figures that decided it, what " +
      "each option costs and carries, and what to check first. It also says where a tier is too large.",
  ],
  options: [
    [
      "METRICS.json",
      "measured metrics: in the form of docs/advise.md, or what Prometheus (query_range) or CloudWatch (get-metric-data) answers",
    ],
    ["STACK, -s STACK, --stack STACK", "the stack; without it, the one that the metrics name"],
    ["--format FORMAT", formatsText(formats, otherwise)],
    ...figureOptions,
    ...commonOptions,
  ],
  examples: [
    ["npm run advise -- metrics.json growth", "one file"],
    ["npm run advise -- prometheus.json cloudwatch.json growth", "metrics from two places"],
  ],
  exitCodes: "0 fine, whatever the answer; 2 bad input.",
};

interface Request {
  files: string[];
  stack: string | undefined;
  format: keyof typeof views;
  out: string | undefined;
  cwd: string | undefined;
  figures: Figures;
}

const usage = "write npm run advise -- METRICS.json STACK";

function requestOf(argv: string[]): Request {
  const { positionals, values, problems } = parseArguments(argv, ["format", "out", "cwd", ...figureFlags]);
  const [first, ...others] = positionals;
  const files = [...(first === undefined ? [] : [first]), ...others.filter((one) => one.endsWith(".json"))];
  const stacks = others.filter((one) => !one.endsWith(".json"));
  const wrong = (given: string, allowed: string): Problem => ({ where: "command line", given, allowed, fix: usage });
  // A wrong flag may have taken the place of a file.
  if (problems.length === 0) {
    if (files.length === 0) problems.push(wrong("nothing", "files of metrics, and a stack"));
    if (stacks.length > 1) problems.push(wrong(stacks.join(" "), "one stack"));
  }
  const format = formatOf(values, otherwise);
  problems.push(...formatProblem(format, formats));
  if (problems.length > 0) throw new SettingsError(problems);
  const { out, cwd } = values;
  const figures = readFigures(values);
  return { files, stack: stacks[0], format: format as keyof typeof views, out, cwd, figures };
}

/** The stack that was measured: the one that the command line names, which the metrics do not contradict. */
function stackOf({ stack }: Request, { stack: measured }: Measured, project: Project): string {
  if (stack !== undefined && measured !== undefined && stack !== measured)
    throw new SettingsError([
      {
        where: "command line",
        given: `the stack ${stack}, and metrics of ${measured}`,
        allowed: "metrics of the stack",
        fix: `name ${measured}, or other metrics`,
      },
    ]);
  const named = stack ?? measured;
  if (named !== undefined) return named;
  const allowed = stackNames(project).join(", ");
  throw new SettingsError([
    { where: "command line", given: "no stack, and metrics that name none", allowed, fix: usage },
  ]);
}

/** A configuration with a setting changed, as `pulumi config set --path` does it. */
function withChange(config: Record<string, string>, project: string, { key, after }: Change): Record<string, string> {
  const [, component = "", field = "", first] = /^(\w+)\.(\w+)(\[0\])?$/.exec(key) ?? [];
  const full = `${project}:${component}`;
  const own = JSON.parse(config[full] || "{}") as Record<string, unknown>;
  const list = Array.isArray(own[field]) ? own[field] : [];
  return { ...config, [full]: JSON.stringify({ ...own, [field]: first ? [after, ...list.slice(1)] : after }) };
}

const figuresOf = ({ cost, capacity }: Plan): PlanFigures => {
  const { monthlyUsd, low, high, budgetUsd, accepted, notCounted } = cost;
  const { requestsPerMinute, queriesPerSecond, concurrentUsers, jobsPerMinute, bottleneck, measured } = capacity;
  return {
    cost: { monthlyUsd, low, high, budgetUsd, ...(accepted && { accepted }), notCounted },
    capacity: { requestsPerMinute, queriesPerSecond, concurrentUsers, jobsPerMinute, bottleneck, measured },
  };
};

/** The stack as it is, and how to plan it otherwise. */
interface Base {
  root: string;
  project: Project;
  stack: string;
  before: Plan;
  figures: Figures;
}

/** Whether a setting is missing, or has no effect: the messages of both begin so. */
const asksForSettings = ({ given, allowed }: Problem) => given.startsWith("nothing") || allowed.startsWith("nothing");

/** Plans a step, or says what prevents it. */
async function optionOf(step: Step, { root, project, stack, before, figures }: Base): Promise<Option> {
  const commands = commandsOf(step, { project: project.name, stack });
  const option: Option = { ...step, problems: [], commands };
  if ("impossible" in step) return option;
  const own = readStack(project, stack);
  const config =
    "tier" in step
      ? { ...own.config, [`${project.name}:tier`]: step.tier }
      : withChange(own.config, project.name, step.change);
  try {
    const { plan: after } = await planConfig(root, project, { ...own, config }, figures);
    const move = moveBetween({ before, after }, project.name, figures, { from: before.tier, to: after.tier });
    return {
      ...option,
      figures: figuresOf(atItsPrice({ before, after }, move.changes, figures)),
      move: { verdict: verdict(move.changes), facts: factsOf(move) },
    };
  } catch (error) {
    if (exitCodeOf(error) === undefined) throw error;
    const onlySettings = error instanceof SettingsError && error.problems.every(asksForSettings);
    return { ...option, problems: (error as Error).message.split("\n"), ...(onlySettings && { onlySettings }) };
  }
}

function measuredOf(series: readonly Series[]): Advice["measured"] {
  const ends = series.flatMap(({ samples }) => [samples[0]?.at ?? 0, samples.at(-1)?.at ?? 0]);
  const [from, to] = [Math.min(...ends), Math.max(...ends)].map((at) => new Date(at).toISOString()) as [string, string];
  const requestsPerMinute = peakOf(series, "app.requests");
  return { from, to, ...(requestsPerMinute !== undefined && { requestsPerMinute }) };
}

function adviceOf(
  asked: Asked,
  series: readonly Series[],
  { project, stack, before }: Base,
  options: Option[],
): Advice {
  const { busiest, watch, unknown } = asked;
  const { answer, options: sorted, because, notSmaller } = answerOf(asked, options);
  const tier = before.tier as Tier;
  return {
    version: 1,
    project: project.name,
    stack,
    tier,
    measured: measuredOf(series),
    answer,
    because,
    busiest,
    now: figuresOf(before),
    options: sorted,
    watch,
    unknown,
    notSmaller,
    checklist:
      answer.do === "tier" || answer.do === "lever"
        ? checklist({ stack, from: tier, to: answer.do === "tier" ? answer.tier : undefined })
        : [],
  };
}

/** `npm run advise`. Throws an error with an exit code (`exitCodeOf`) for bad input, before anything is written. */
export async function adviseCommand(argv: string[], root: string): Promise<void> {
  const request = requestOf(argv);
  const measured = readMetrics(request.files);
  const project = readProject(request.cwd ?? root);
  const stack = stackOf(request, measured, project);
  const { figures } = request;
  const progress = new Progress();
  const mistakes = new Mistakes(project);
  try {
    progress.step(`planning ${stack} ...`);
    const planned = await mistakes.attempt(stack, () => plan(root, project, stack, { figures }));
    mistakes.throwIfAny();
    const { plan: before, inputs } = planned as Planned;
    const strange = queueProblems(
      measured,
      inputs.settings.queues.map(({ name }) => name),
    );
    if (strange.length > 0) throw new SettingsError(strange);
    const series = inOwnUnits(measured, before.capacity.maxConnections);
    const asked = ask({ series, tier: before.tier as Tier, spec: inputs.spec, capacity: before.capacity });
    const base = { root, project, stack, before, figures };
    const options: Option[] = [];
    for (const step of asked.steps) {
      progress.step(`planning ${stack} with ${"tier" in step ? step.tier : step.lever} ...`);
      options.push(await optionOf(step, base));
    }
    progress.done();
    write(views[request.format](adviceOf(asked, series, base, options), screenFor(request.out)), request.out);
  } finally {
    progress.done();
  }
}

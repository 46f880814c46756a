import type { StackInputs } from "../../config/load";
import { SettingsError } from "../../config/problems";
import { workloadOf } from "../../config/rules/capacity";
import { nodeCapacity } from "../../tiers/capacity";
import { type Planned, planStack } from "../plan";
import { refuseViolations } from "../policy";
import { type Project, readProject, readStack, type StackConfig, stackNames } from "../stacks";
import { jsonView } from "../views/json";
import { notRendered, writeManifests } from "../views/manifests";
import { markdownView } from "../views/markdown";
import { mermaidView } from "../views/mermaid";
import { summaryView } from "../views/summary";
import { type Screen, wrap } from "../views/text";
import { treeView } from "../views/tree";
import { formatHelp, formatOf, formatProblem, parseArguments } from "./arguments";
import { type Figures, figureFlags, figureOptions, readFigures } from "./figures";
import { commonOptions, type Help } from "./help";
import { Mistakes } from "./mistakes";
import { screenFor, write } from "./output";
import { loadProgram } from "./program";
import { Progress } from "./progress";

/** The HTML reports. Loaded late: other views need no layout. */
export const reports = () => require("../views/report/page") as typeof import("../views/report/page");

/** The views by format. A new one is an entry here. */
const views = {
  tree: ({ plan, inputs }: Planned, screen: Screen) => treeView(plan, screen, nodesOf(inputs)),
  json: ({ plan }: Planned) => jsonView(plan),
  html: ({ plan, inputs }: Planned) => reports().planReport(plan, nodesOf(inputs)),
  markdown: ({ plan }: Planned) => markdownView(plan),
  mermaid: ({ plan }: Planned) => mermaidView(plan),
} satisfies Record<string, (planned: Planned, screen: Screen) => string>;
const formats = Object.keys(views);
type Format = keyof typeof views;

export const planHelp: Help = {
  usage: ["npm run plan [-- [STACK] [options]]", "npm run plan -- STACK --to TIER"],
  about: ["Shows what a stack consists of, without a cloud account, a network or the Pulumi engine."],
  options: [
    ["STACK, -s STACK, --stack STACK", "one stack, as a tree with sizes; without it, every stack, a line each"],
    ["--format FORMAT", formatHelp(formats)],
    ["--to TIER", "what a move of the stack to another tier does, as npm run diff shows it"],
    ["--manifests FOLDER", "write the Kubernetes objects as YAML files into a folder"],
    ...figureOptions,
    ...commonOptions,
  ],
  examples: [
    ["npm run plan", "every stack"],
    ["npm run plan -- growth", "one stack"],
    ["npm run plan -- growth --out approved.json", "for npm run diff -- --base, and npm run up -- --plan"],
  ],
  exitCodes:
    "0 fine; 1 the engine would refuse the graph, or it breaks a policy (docs/policy.md); 2 bad input or settings.",
};

interface Request {
  stack: string | undefined;
  format: Format;
  out: string | undefined;
  manifests: string | undefined;
  cwd: string | undefined;
  figures: Figures;
}

/** The command line as a request; every problem with it at once. */
function requestOf(argv: string[]): Request {
  const flags = ["format", "out", "manifests", "to", "cwd", ...figureFlags] as const;
  const { positionals, values, problems } = parseArguments(argv, flags);
  const [stack, ...more] = positionals;
  if (more.length > 0)
    problems.push({
      where: "command line",
      given: more.join(" "),
      allowed: "one stack",
      fix: "name one stack, or none",
    });
  const { out, manifests, cwd } = values;
  const format = formatOf(values);
  problems.push(...formatProblem(format, formats));
  for (const flag of ["format", "manifests"] as const)
    if (values[flag] !== undefined && stack === undefined)
      problems.push({
        where: `--${flag}`,
        given: "no stack",
        allowed: "a stack before it",
        fix: `name a stack: npm run plan -- STACK --${flag} ...`,
      });
  // Every stack has a line of text in the overview, which no other format has.
  if (stack === undefined && values.format === undefined && format !== "tree")
    problems.push({
      where: "--out",
      given: `${out}, and no stack`,
      allowed: "a stack before a file of this format",
      fix: "name a stack: npm run plan -- STACK --out ..., or a file with another ending",
    });
  if (problems.length > 0) throw new SettingsError(problems);
  // Read here, so that a wrong file is told before anything is planned.
  return { stack, format: format as Format, out, manifests, cwd, figures: readFigures(values) };
}

/**
 * Plans a stack with the program of a folder.
 * @param given.name  that the stack is planned under: a move keeps the name of the stack that moves. @default its own
 * @param given.tier  in place of the one in its file. @default its own
 * @param given.figures  of the capacity model and of the costs. @default the planner's
 */
export async function plan(
  root: string,
  project: Project,
  stack: string,
  { name = stack, tier, figures }: { name?: string; tier?: string | undefined; figures?: Figures } = {},
): Promise<Planned> {
  const own = readStack(project, stack);
  const config = tier === undefined ? own.config : { ...own.config, [`${project.name}:tier`]: tier };
  return planConfig(root, project, { ...own, config, stack: name }, figures);
}

/** Plans a stack of any configuration with the program of a folder. */
export async function planConfig(
  root: string,
  project: Project,
  stackConfig: StackConfig,
  figures: Figures = {},
): Promise<Planned> {
  // The program is loaded late: a wrong command line is answered before the SDKs are.
  const { guardSdk } = require("../record/sdk/classes") as typeof import("../record/sdk/classes");
  guardSdk();
  return planStack(project, stackConfig, loadProgram(root), figures);
}

/** Every stack, a line each. The stacks with mistakes are reported after the others are shown. */
async function overview(root: string, project: Project, out: string | undefined, figures: Figures): Promise<void> {
  const progress = new Progress();
  const mistakes = new Mistakes(project);
  const plans: Pick<Planned, "plan" | "inputs">[] = [];
  const stacks = stackNames(project);
  if (stacks.length === 0)
    throw new SettingsError([
      {
        where: "stacks",
        given: `none in ${project.folder}`,
        allowed: "a folder with a Pulumi.STACK.yaml",
        fix: "create one, or name another folder with --cwd",
      },
    ]);
  try {
    for (const stack of stacks) {
      progress.step(`planning ${stack} ...`);
      const planned = await mistakes.attempt(stack, () => plan(root, project, stack, { figures }));
      if (planned) plans.push({ plan: planned.plan, inputs: planned.inputs });
    }
  } finally {
    progress.done();
  }
  if (plans.length > 0) write(summaryView(plans, screenFor(out)), out);
  for (const planned of plans) await mistakes.attempt(planned.plan.stack, async () => refuseViolations(planned));
  mistakes.throwIfAny();
}

/** `npm run plan`. Throws an error with an exit code (`exitCodeOf`) for bad input, and for a graph that the engine would refuse or that
 * breaks a policy. */
export async function planCommand(argv: string[], root: string): Promise<void> {
  const request = requestOf(argv);
  const project = readProject(request.cwd ?? root);
  const { stack, figures } = request;
  if (stack === undefined) return overview(root, project, request.out, figures);
  const progress = new Progress();
  progress.step(`planning ${stack} ...`);
  const planned = await plan(root, project, stack, { figures }).finally(() => progress.done());
  show(planned, request);
  refuseViolations(planned);
}

/** Capacity of the stack's nodes for its queues and schedules. */
export const nodesOf = ({ spec, settings }: StackInputs) => nodeCapacity(spec, workloadOf(settings));

/** Shows the plan of one stack as it was asked for. */
function show(planned: Planned, request: Request): void {
  if (request.manifests !== undefined) {
    const written = writeManifests(planned.recording, request.manifests);
    const left = notRendered(planned.recording);
    const told = [`${written} Kubernetes objects of ${request.stack} written to ${request.manifests}`];
    if (left.length > 0) told.push(`not among them: ${left.join(", ")}`);
    const { width } = screenFor(undefined);
    write(`${told.flatMap((line) => wrap(line, width, "", "  ")).join("\n")}\n`, undefined);
    return;
  }
  write(views[request.format](planned, screenFor(request.out)), request.out);
}

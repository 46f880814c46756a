import type { StackInputs } from "../../config/load";
import { SettingsError } from "../../config/problems";
import { workloadOf } from "../../config/rules/capacity";
import { nodeCapacity } from "../../tiers/capacity";
import { type Planned, planStack } from "../plan";
import { type Project, readProject, readStack, stackNames } from "../stacks";
import { jsonView } from "../views/json";
import { notRendered, writeManifests } from "../views/manifests";
import { summaryView } from "../views/summary";
import { treeView } from "../views/tree";
import { formatProblem, parseArguments } from "./arguments";
import { painterFor, write } from "./output";
import { loadProgram } from "./program";
import { Progress } from "./progress";

type Paint = ReturnType<typeof painterFor>;

/** The views by format. A new one is an entry here. */
const views = {
  tree: ({ plan, inputs }: Planned, paint: Paint) => treeView(plan, paint, nodesOf(inputs)),
  json: ({ plan }: Planned) => jsonView(plan),
} satisfies Record<string, (planned: Planned, paint: Paint) => string>;
const formats = Object.keys(views);
type Format = keyof typeof views;

export const planHelp = `Usage: npm run plan [-- [STACK] [options]]

Shows what a stack consists of, without a cloud account, a network or the Pulumi engine.

  npm run plan                           every stack, a line each
  npm run plan -- growth                 one stack: the tree with sizes
  npm run plan -- growth --format json   (${formats.join(" | ")}); JSON is sorted and identical from run to run
  npm run plan -- growth --out FILE      into a file
  npm run plan -- growth --manifests D   the Kubernetes objects as YAML files in folder D
  npm run plan -- --cwd D                stack files of folder D

Exit codes: 0 fine; 1 the engine would refuse the graph; 2 bad input or settings.
`;

interface Request {
  stack: string | undefined;
  format: Format;
  out: string | undefined;
  manifests: string | undefined;
  cwd: string | undefined;
}

/** The command line as a request; every problem with it at once. */
function requestOf(argv: string[]): Request {
  const { positionals, values, problems } = parseArguments(argv, ["format", "out", "manifests", "cwd"]);
  const [stack, ...more] = positionals;
  if (more.length > 0)
    problems.push({
      where: "command line",
      given: more.join(" "),
      allowed: "one stack",
      fix: "name one stack, or none",
    });
  const { format = "tree", out, manifests, cwd } = values;
  problems.push(...formatProblem(format, formats));
  for (const flag of ["format", "manifests"] as const)
    if (values[flag] !== undefined && stack === undefined)
      problems.push({
        where: `--${flag}`,
        given: "no stack",
        allowed: "a stack before it",
        fix: `name a stack: npm run plan -- STACK --${flag} ...`,
      });
  if (problems.length > 0) throw new SettingsError(problems);
  return { stack, format: format as Format, out, manifests, cwd };
}

/**
 * Plans a stack with the program of a folder.
 * @param name  that the stack is planned under: a move keeps the name of the stack that moves. @default its own
 */
export async function plan(root: string, project: Project, stack: string, name = stack): Promise<Planned> {
  // The program is loaded late: a wrong command line is answered before the SDKs are.
  const stackConfig = { ...readStack(project, stack), stack: name };
  const { guardSdk } = require("../record/sdk/classes") as typeof import("../record/sdk/classes");
  guardSdk();
  return planStack(project, stackConfig, loadProgram(root));
}

/** \`npm run plan\`. Throws a SettingsError for bad input and a RefusedPlan for a graph the engine would refuse. */
export async function planCommand(argv: string[], root: string): Promise<void> {
  const request = requestOf(argv);
  const project = readProject(request.cwd ?? root);
  const progress = new Progress();
  const planned: Planned[] = [];
  try {
    for (const stack of request.stack === undefined ? stackNames(project) : [request.stack]) {
      progress.step(`planning ${stack} ...`);
      planned.push(await plan(root, project, stack));
    }
  } finally {
    progress.done();
  }
  if (request.stack === undefined) {
    const plans = planned.map((one) => one.plan);
    return write(summaryView(plans, painterFor(request.out)), request.out);
  }
  for (const one of planned) show(one, request);
}

/** Capacity of the stack's nodes for its queues and schedules. */
export const nodesOf = ({ spec, settings }: StackInputs) => nodeCapacity(spec, workloadOf(settings));

/** Shows the plan of one stack as it was asked for. */
function show(planned: Planned, request: Request): void {
  if (request.manifests !== undefined) {
    const written = writeManifests(planned.recording, request.manifests);
    const left = notRendered(planned.recording);
    process.stdout.write(`${written} Kubernetes objects of ${request.stack} written to ${request.manifests}\n`);
    if (left.length > 0) process.stdout.write(`not among them: ${left.join(", ")}\n`);
    return;
  }
  write(views[request.format](planned, painterFor(request.out)), request.out);
}

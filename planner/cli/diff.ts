import { SettingsError } from "../../config/problems";
import type { Tier } from "../../tiers";
import { assumed } from "../cost/assumptions";
import { completeRates } from "../cost/rates";
import { pricedAnew } from "../cost/saved";
import { durationOfMove } from "../duration/duration";
import type { Change, Move } from "../move/change";
import { changesBetween } from "../move/changes";
import { instanceOf, instancesOf } from "../move/generations";
import { handoverOf, leftHandoverOf, withHandoverRefused } from "../move/handover";
import { loadOf } from "../move/load";
import { phasesOf } from "../move/phases";
import { costAfter, priceOf } from "../move/price";
import { type Plan, type Planned, RefusedPlan } from "../plan";
import { refuseViolations } from "../policy";
import { type Project, readProject } from "../stacks";
import type { Sides } from "../views/changed";
import { diffView } from "../views/diff";
import { markdownDiff } from "../views/markdown";
import { mermaidDiff } from "../views/mermaid";
import type { Screen } from "../views/text";
import { formatHelp, formatOf, formatProblem, parseArguments, stacksProblem, type WantedStacks } from "./arguments";
import { type Figures, figureFlags, figureOptions, readFigures } from "./figures";
import { commonOptions, type Help } from "./help";
import { Mistakes } from "./mistakes";
import { moveProblems } from "./move-problems";
import { screenFor, write } from "./output";
import { plan, reports } from "./plan";
import { readPlan } from "./plan-file";
import { Progress } from "./progress";

/** The plans on both sides of a move. */
interface Plans {
  before: Plan;
  after: Plan;
}

/** The views by format. A new one is an entry here. */
const views = {
  tree: (move: Move, _: Sides, screen: Screen) => diffView(move, screen),
  json: (move: Move) => `${JSON.stringify(move, null, 2)}\n`,
  markdown: markdownDiff,
  mermaid: mermaidDiff,
  html: (move: Move, _: Sides, __: Screen, { before, after }: Plans) => reports().moveReport(move, before, after),
} satisfies Record<string, (move: Move, sides: Sides, screen: Screen, plans: Plans) => string>;
export const diffFormats = Object.keys(views);
export type DiffFormat = keyof typeof views;

export const diffHelp: Help = {
  usage: ["npm run diff -- FROM TO [options]", "npm run diff -- --base PLAN.json STACK [options]"],
  about: [
    "Shows what the move from one stack to another does to each resource, without a cloud account, a network or the Pulumi " +
      "engine: created, updated, replaced, deleted, retained (it leaves the program and stays as it is) or refused (it is " +
      "protected, so the engine stops the whole move, or AWS does not allow the change). Updates that interrupt the product " +
      "are marked with !, with how long it lasts.",
  ],
  options: [
    ["FROM TO", "the two stacks; the second may be -s TO or --stack TO"],
    ["--base PLAN.json STACK", "what has changed since a plan was saved: npm run plan -- STACK --out PLAN.json"],
    ["--format FORMAT", formatHelp(diffFormats)],
    ...figureOptions,
    ...commonOptions,
  ],
  examples: [
    ["npm run diff -- startup growth", "a move from startup to growth"],
    ["npm run diff -- --base plan.json growth", "a change of growth"],
  ],
  exitCodes:
    "0 fine; 1 data would be lost, the engine or AWS would stop the move, or its target breaks a policy; 2 bad input.",
};

export interface DiffRequest {
  from: { stack: string } | { file: string };
  to: string;
  /** Tier that the second stack is given in place of its own. */
  tier?: string;
  format: DiffFormat;
  out: string | undefined;
  cwd: string | undefined;
  figures: Figures;
}

const twoStacks: WantedStacks = { count: 2, allowed: "two stacks", usage: "npm run diff -- FROM TO" };
const oneBesideBase: WantedStacks = {
  count: 1,
  allowed: "one stack beside --base",
  usage: "npm run diff -- --base PLAN.json STACK",
};

function requestOf(argv: string[]): DiffRequest {
  const parsed = parseArguments(argv, ["base", "format", "out", "cwd", ...figureFlags]);
  const { base, out, cwd } = parsed.values;
  const format = formatOf(parsed.values);
  const problems = [
    ...parsed.problems,
    ...stacksProblem(parsed, base === undefined ? twoStacks : oneBesideBase),
    ...formatProblem(format, diffFormats),
  ];
  if (problems.length > 0) throw new SettingsError(problems);
  const [first = "", second = ""] = parsed.positionals;
  const rest = { format: format as DiffFormat, out, cwd, figures: readFigures(parsed.values) };
  return base === undefined
    ? { from: { stack: first }, to: second, ...rest }
    : { from: { file: base }, to: first, ...rest };
}

/** Reads the plan that --base names, at the prices and the use of the other side. */
function basePlan(file: string, project: Project, rates: Figures["rates"]): Plan {
  const read = readPlan("--base", file, { project: project.name });
  const cost = pricedAnew(read, rates);
  if (cost) return { ...read, cost };
  if (!rates?.prices && !rates?.assumptions) return read;
  throw new SettingsError([
    {
      where: `--base ${file}`,
      given: "a plan that cannot be priced anew, beside --prices or --assumptions",
      allowed: "a plan whose cost has a basis",
      fix: "write it anew: npm run plan -- STACK --out PLAN.json",
    },
  ]);
}

async function plans(
  root: string,
  project: Project,
  { from, to, tier, figures }: DiffRequest,
): Promise<{ before: Plan; after: Planned }> {
  const progress = new Progress();
  const mistakes = new Mistakes(project);
  const planOf = (stack: string, name: string, given?: string) => {
    progress.step(`planning ${stack} ...`);
    return mistakes.attempt(stack, () => plan(root, project, stack, { name, tier: given, figures }), given);
  };
  try {
    const before =
      "file" in from ? basePlan(from.file, project, figures.rates) : (await planOf(from.stack, from.stack))?.plan;
    // The stack that moves keeps its name, and so the names of its resources.
    const after = await planOf(to, before?.stack ?? to, tier);
    mistakes.throwIfAny();
    return { before: before as Plan, after: after as Planned };
  } finally {
    progress.done();
  }
}

/** `npm run diff`. Throws a SettingsError for bad input and a RefusedPlan for a move that loses data or that the engine stops. */
export async function diffCommand(argv: string[], root: string): Promise<void> {
  await showMove(requestOf(argv), root);
}

/** The tiers on both sides. */
const tiersOf = ({ before, after }: Plans) => ({ from: before.tier as Tier, to: after.tier as Tier });

/**
 * The move from one plan to another.
 * @param project  name of the project
 * @param names    what both sides are called
 */
export function moveBetween(
  { before, after }: Plans,
  project: string,
  { rates }: Figures,
  names: { from: string; to: string },
): Move {
  const tiers = tiersOf({ before, after });
  const sides = [before.resources, after.resources] as const;
  const changes = withHandoverRefused(changesBetween(...sides), ...sides, tiers);
  const goesThrough = changes.length > 0 && changes.every(({ action }) => action !== "refused");
  const duration = goesThrough ? durationOfMove(...sides, changes) : undefined;
  const cost = priceOf(before, after, changes, { rates, duration });
  const load = loadOf(before, after);
  const stored = assumed(completeRates(rates).assumptions, "database.storedGib", tiers.from);
  return {
    ...names,
    changes,
    ...(cost && { cost }),
    ...(load && { load }),
    ...(duration && { duration }),
    // On a cluster that exists already no tier changes what the steps are about.
    phases: [before, after].every(isOnAws)
      ? phasesOf({
          stack: before.stack,
          project,
          ...tiers,
          changes,
          handover: handoverOf(...sides, tiers, stored),
          leavesHandoverIn: leftHandoverOf(...sides, tiers),
          database: instancesOf(before.resources) && instanceOf(after.resources),
        })
      : [],
  };
}

/** The plan after a move, with the cost of what the settings keep that the move needs. */
export const atItsPrice = ({ before, after }: Plans, changes: Change[], { rates }: Figures): Plan => ({
  ...after,
  cost: costAfter(before, after, changes, rates) ?? after.cost,
});

/** Shows a move as it was asked for. Throws as `diffCommand` does. */
export async function showMove(request: DiffRequest, root: string): Promise<void> {
  const project = readProject(request.cwd ?? root);
  const { before, after: target } = await plans(root, project, request);
  const after = target.plan;
  const names = {
    from: request.tier === undefined ? before.stack : before.tier,
    to: request.tier ?? request.to,
  };
  const move = moveBetween({ before, after }, project.name, request.figures, names);
  const sides = { before: before.resources, after: after.resources };
  const priced = { before, after: atItsPrice({ before, after }, move.changes, request.figures) };
  write(views[request.format](move, sides, screenFor(request.out), priced), request.out);
  const stacks = { moving: before.stack, target: request.to };
  const problems = moveProblems(move.changes, project, stacks, tiersOf({ before, after }));
  if (problems.length > 0) throw new RefusedPlan(`${move.from} -> ${move.to}`, problems);
  refuseViolations(target, request.tier);
}

const isOnAws = ({ resources }: Plan) => resources.some(({ type }) => type.startsWith("aws:"));

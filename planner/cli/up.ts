import { SettingsError } from "../../config/problems";
import type { Tier } from "../../tiers";
import { type Approval, type Bound, bind, expectState } from "../binding/bind";
import { differingPlans } from "../binding/plans";
import { type Pulumi, pulumiIn } from "../binding/pulumi";
import { changesBetween } from "../move/changes";
import { type Planned, RefusedPlan } from "../plan";
import { refuseViolations } from "../policy";
import { type Project, readProject } from "../stacks";
import { jsonView } from "../views/json";
import { parseArguments, stacksProblem } from "./arguments";
import { confirmed, expectTerminal } from "./confirm";
import { type Figures, figureFlags, figureOptions, readFigures } from "./figures";
import { cwdOption, type Help, helpOption, stackOption } from "./help";
import { Mistakes } from "./mistakes";
import { moveProblems } from "./move-problems";
import { plan } from "./plan";
import { readPlan } from "./plan-file";
import { Progress } from "./progress";

export const upHelp: Help = {
  usage: ["npm run up -- STACK --plan PLAN.json [--base PLAN.json [--resume]] [options]"],
  about: [
    "Runs pulumi up, only where program and state still give the plan that was approved. It plans again and compares, " +
      "then compares the engine's preview with the approved move, resource by resource. If anything differs, it says what, " +
      "and touches nothing.",
    "A plan lists what is created and what updates lead to, but not what is deleted or replaced: that follows from what is " +
      "there before. So without --base, a preview that deletes, retains or replaces anything is refused. With --base, the " +
      "plan of the stack before the move, the preview must have the steps of npm run diff -- --base PLAN.json STACK: no " +
      "other, and none less; what depends on a changing resource may be updated with it. The state itself is no base: it cannot say whether it still is what was approved.",
    "A deployment that failed halfway has done a part of the move. --resume finishes it with the same two plans: the preview " +
      "may then have fewer steps than the diff, but no other.",
    "It refuses a plan that breaks a policy (docs/policy.md), as npm run plan does.",
    "Pulumi is PULUMI_COMMAND, or pulumi on the PATH, or the one of the npm package. Set PULUMI_CONFIG_PASSPHRASE or the like: " +
      "the preview asks no questions.",
  ],
  options: [
    stackOption,
    ["--plan PLAN.json", "the approved plan, from npm run plan -- STACK --out PLAN.json"],
    ["--base PLAN.json", "the plan of the stack before the move"],
    ["--resume", "with --base: finish a deployment that failed halfway"],
    ...figureOptions,
    ["--yes", "do not ask before pulumi up, as in CI"],
    cwdOption,
    helpOption,
  ],
  examples: [
    ["npm run up -- growth --plan approved.json", "a new stack, or a change that deletes nothing"],
    ["npm run up -- growth --plan approved.json --base before.json --yes", "a move, in CI"],
  ],
  exitCodes: "0 fine; 1 something moved, or nobody confirmed; 2 bad input; that of pulumi up if it fails.",
};

interface Request {
  stack: string;
  plan: string;
  base: string | undefined;
  resume: boolean;
  yes: boolean;
  cwd: string | undefined;
  figures: Figures;
}

const oneStack = { count: 1, allowed: "one stack", usage: "npm run up -- STACK --plan PLAN.json" };

function requestOf(argv: string[]): Request {
  const parsed = parseArguments(argv, ["plan", "base", "cwd", ...figureFlags], ["resume", "yes"]);
  const { plan: file, base, cwd } = parsed.values;
  const [resume, yes] = ["resume", "yes"].map((name) => parsed.switches.includes(name)) as [boolean, boolean];
  const problems = [...parsed.problems, ...stacksProblem(parsed, oneStack)];
  if (file === undefined && parsed.problems.length === 0)
    problems.push({
      where: "--plan",
      given: "nothing",
      allowed: "the approved plan",
      fix: "write one: npm run plan -- STACK --out PLAN.json",
    });
  if (resume && base === undefined)
    problems.push({
      where: "--resume",
      given: "no --base",
      allowed: "--base beside it",
      fix: "name the plan before the move, or leave --resume out: without --base, what is left to create may be created",
    });
  if (problems.length > 0) throw new SettingsError(problems);
  const stack = parsed.positionals[0] ?? "";
  return { stack, plan: file ?? "", base, resume, yes, cwd, figures: readFigures(parsed.values) };
}

/** Plans the stack and expects the approved plan. Throws a RefusedPlan that says what moved. */
async function expectPlan(
  root: string,
  project: Project,
  { stack, figures }: Request,
  { approved, base }: Approval,
): Promise<void> {
  const mistakes = new Mistakes(project);
  const now = (await mistakes.attempt(stack, () => plan(root, project, stack, { figures }))) as Planned;
  mistakes.throwIfAny();
  const moved = differingPlans(approved, JSON.parse(jsonView(now.plan)));
  if (moved.length > 0)
    throw new RefusedPlan(stack, [...moved, "the plan made now is not the approved one; nothing was touched"]);
  refuseViolations(now);
  const problems = base
    ? moveProblems(
        changesBetween(base.resources, approved.resources),
        project,
        { moving: stack, target: stack },
        {
          from: base.tier as Tier,
          to: approved.tier as Tier,
        },
      )
    : [];
  if (problems.length > 0) throw new RefusedPlan(stack, problems);
}

/** The ops of a preview, with how many resources have each. */
function summaryOf({ steps }: Bound): string {
  const ops = [...new Set(steps.values())].sort();
  const counts = ops.map((op) => `${[...steps.values()].filter((other) => other === op).length} ${op}`);
  return counts.join(", ") || "no change";
}

/**
 * `npm run up`. Answers the exit code of `pulumi up`. Throws a SettingsError for bad input and a RefusedPlan where what
 * would happen is not what was approved.
 */
export async function upCommand(
  argv: string[],
  root: string,
  { pulumi, confirm = confirmed }: { pulumi?: Pulumi; confirm?: typeof confirmed } = {},
): Promise<number> {
  const request = requestOf(argv);
  const { stack } = request;
  const folder = request.cwd ?? root;
  const project = readProject(folder);
  const owner = { project: project.name, stack };
  const approval: Approval = {
    approved: readPlan("--plan", request.plan, owner),
    base: request.base === undefined ? undefined : readPlan("--base", request.base, owner),
    resumed: request.resume,
  };
  // A wrong plan is told before this.
  if (!request.yes) expectTerminal();
  const run = pulumi ?? pulumiIn(folder);
  const progress = new Progress();
  let bound: Bound;
  try {
    progress.step(`planning ${stack} ...`);
    await expectPlan(root, project, request, approval);
    progress.step(`previewing ${stack} ...`);
    bound = await bind(run, stack, approval);
  } finally {
    progress.done();
  }
  process.stdout.write(`${stack}: the preview is the approved one: ${summaryOf(bound)}\n`);
  if (!request.yes && !(await confirm(`Run pulumi up on ${stack}?`)))
    throw new RefusedPlan(stack, ["not confirmed; nothing was touched"]);
  await expectState(run, stack, bound);
  return (await run(["up", "--stack", stack, "--yes", "--skip-preview"], { show: true })).code;
}

/** Whether a stack's program and state still give what was approved, asked of the Pulumi engine. */
import { type Plan, RefusedPlan } from "../plan";
import type { Pulumi } from "./pulumi";
import {
  differingSteps,
  followingOf,
  leftOf,
  predictedSteps,
  previewErrors,
  previewedSteps,
  type Steps,
  unlistedSteps,
} from "./steps";

/** What a preview is bound to. */
export interface Approval {
  approved: Plan;
  /** The plan that the stack had when the approved one was read; undefined where that is not known. */
  base: Plan | undefined;
  /** Whether a part of the move may be done already. */
  resumed: boolean;
}

/** What the engine would do, and the state for which it said so. */
export interface Bound {
  steps: Steps;
  state: string;
}

/** The deployed state of a stack, as a text that changes with it. */
async function stateOf(pulumi: Pulumi, stack: string): Promise<string> {
  const { code, output } = await pulumi(["stack", "export", "--stack", stack], { show: false });
  if (code === 0) return output;
  throw new RefusedPlan(stack, [failed("pulumi stack export", code, output)]);
}

const failed = (command: string, code: number, output: string) =>
  `${command} failed with exit code ${code}${output.trim() === "" ? "" : `: ${output.trim().split("\n")[0]}`}; nothing was touched`;

async function previewOf(pulumi: Pulumi, stack: string): Promise<Steps> {
  const { code, output } = await pulumi(["preview", "--stack", stack, "--json", "--non-interactive"], { show: false });
  const steps = previewedSteps(output);
  const errors = previewErrors(output);
  if (code === 0 && errors.length === 0 && steps) return steps;
  const told = errors.map((error) => error.replaceAll(/\s*\n\s*/g, " "));
  throw new RefusedPlan(stack, [...told, failed("pulumi preview", code, steps ? "" : output)]);
}

/** What differs between the engine's preview and what was approved, a line each. */
function moved({ approved, base, resumed }: Approval, now: Steps): string[] {
  if (!base) return unlistedSteps(now);
  const steps = predictedSteps(base.resources, approved.resources);
  const following = followingOf(steps, approved.resources);
  return differingSteps(resumed ? leftOf(steps, now) : steps, now, following);
}

/** Previews a stack. Throws a RefusedPlan where the engine would do anything but what was approved. */
export async function bind(pulumi: Pulumi, stack: string, approval: Approval): Promise<Bound> {
  const state = await stateOf(pulumi, stack);
  const steps = await previewOf(pulumi, stack);
  const problems = moved(approval, steps);
  if (problems.length > 0)
    throw new RefusedPlan(stack, [
      ...problems,
      approval.base
        ? "the engine's preview is not the approved move; nothing was touched"
        : "name the plan that the stack has now with --base, to approve what is deleted and replaced; nothing was touched",
    ]);
  return { steps, state };
}

/** Throws a RefusedPlan where the state is no longer that of the preview. */
export async function expectState(pulumi: Pulumi, stack: string, { state }: Bound): Promise<void> {
  if ((await stateOf(pulumi, stack)) !== state)
    throw new RefusedPlan(stack, ["the state changed after the preview; nothing was touched; run the command again"]);
}

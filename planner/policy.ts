import { violations } from "../policy/rules";
import { type Planned, RefusedPlan } from "./plan";

/** Throws a RefusedPlan where a plan breaks a rule of policy/rules. */
export function refuseViolations({ plan, inputs }: Pick<Planned, "plan" | "inputs">): void {
  const problems = violations(plan.resources, inputs.settings, plan.cost);
  if (problems.length > 0) throw new RefusedPlan(plan.stack, problems);
}

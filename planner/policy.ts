import { violations } from "../policy/rules";
import { atTier, type Planned, RefusedPlan } from "./plan";

/**
 * Throws a RefusedPlan where a plan breaks a rule of policy/rules.
 * @param tier  that the stack is planned at in place of its own
 */
export function refuseViolations({ plan, inputs }: Pick<Planned, "plan" | "inputs">, tier?: string): void {
  const problems = violations(plan.resources, inputs.settings, plan.cost);
  if (problems.length > 0) throw new RefusedPlan(`${plan.stack}${atTier(tier)}`, problems);
}

import type { Plan } from "../plan";
import { sorted } from "../record/values";

/** Returns the plan as JSON. The keys of the plan, of each resource and of each look-up have a fixed order; nested keys are sorted. */
export function jsonView(plan: Plan): string {
  const resources = plan.resources.map(
    ({ path, type, name, custom, parent, provider, dependsOn, propertyDependencies, inputs, options }) => ({
      path,
      type,
      name,
      custom,
      parent,
      provider,
      dependsOn,
      ...(propertyDependencies && { propertyDependencies }),
      inputs: sorted(inputs),
      options,
    }),
  );
  const lookUps = plan.lookUps.map(({ token, arguments: asked, result }) => ({
    token,
    arguments: sorted(asked),
    result,
  }));
  return `${JSON.stringify({ ...plan, resources, lookUps, outputs: sorted(plan.outputs) }, null, 2)}\n`;
}

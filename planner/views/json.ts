import type { Plan } from "../plan";

/** Sorts the keys of every object, so that equal plans are byte-identical. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** Returns the plan as JSON. The keys of the plan and of each resource have a fixed order; nested keys are sorted. */
export function jsonView(plan: Plan): string {
  const resources = plan.resources.map(
    ({ path, type, name, custom, parent, provider, dependsOn, inputs, options }) => ({
      path,
      type,
      name,
      custom,
      parent,
      provider,
      dependsOn,
      inputs: sorted(inputs),
      options,
    }),
  );
  return `${JSON.stringify({ ...plan, resources, outputs: sorted(plan.outputs) }, null, 2)}\n`;
}

import type { PlannedResource } from "../../planner/record/planned";

/** A planned resource at a path, for tests of what reads plans. */
export function planned(
  path: string,
  type: string,
  inputs: Record<string, unknown> = {},
  edges: Partial<Pick<PlannedResource, "dependsOn" | "parent" | "provider">> = {},
): PlannedResource {
  return {
    path,
    type,
    name: path,
    custom: true,
    parent: null,
    provider: null,
    dependsOn: [],
    inputs,
    options: { protect: false, retainOnDelete: false, ignoreChanges: [], deleteBeforeReplace: false, aliases: [] },
    ...edges,
  };
}

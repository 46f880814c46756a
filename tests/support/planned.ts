import type { PlannedResource } from "../../planner/record/planned";

/** What of a planned resource a test gives. */
export type Given = Partial<Omit<PlannedResource, "options">> & { options?: Partial<PlannedResource["options"]> };

/** A planned resource at a path, below the one whose path it continues, for tests of what reads plans. */
export function planned(
  path: string,
  type: string,
  inputs: Record<string, unknown> = {},
  { options, ...given }: Given = {},
): PlannedResource {
  return {
    path,
    type,
    name: path.replaceAll("/", "-"),
    custom: true,
    parent: path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : null,
    provider: null,
    dependsOn: [],
    inputs,
    ...given,
    options: {
      protect: false,
      retainOnDelete: false,
      ignoreChanges: [],
      deleteBeforeReplace: false,
      aliases: [],
      ...options,
    },
  };
}

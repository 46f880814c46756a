/** What a move does to resources that leave the program, and which settings keep them. */
import { type KeepSetting, keptBySetting } from "../cost/kept";
import type { PlannedResource } from "../record/planned";
import { type Change, holdsData } from "./change";
import { plannedHandles, refusedByUse } from "./refused-deletes";

/** What becomes of a resource that leaves the program. */
export function removalOf(resource: PlannedResource, from: Map<string, PlannedResource>): Change {
  const { path, type } = resource;
  const { protect, retainOnDelete } = resource.options;
  const action = protect ? "refused" : retainOnDelete ? "retained" : "delete";
  const setting = protect ? keptBySetting(resource, from) : undefined;
  // What leaves with postgres.previous is not kept by `true`: that it stays protected says enough.
  const keep = setting === "postgres.previous" ? undefined : setting;
  return { path, type, action, data: holdsData(resource), properties: [], effect: "none", ...(keep && { keep }) };
}

/** The settings that keep what a move would delete, each with the paths of the resources. */
export function keptBy(changes: Change[]): { keep: KeepSetting; paths: string[] }[] {
  const settings = [...new Set(changes.flatMap(({ keep }) => keep ?? []))];
  return settings.map((keep) => ({ keep, paths: changes.filter((one) => one.keep === keep).map(({ path }) => path) }));
}

/** Turns deletions into refusals where a retained resource still uses the deleted one. */
export function withUses(changes: Change[], from: PlannedResource[]): Change[] {
  const byPath = new Map(from.map((resource) => [resource.path, resource]));
  const retained = changes.filter(({ action }) => action === "retained").map(({ path }) => byPath.get(path));
  return changes.map((change) => {
    const resource = byPath.get(change.path);
    if (change.action !== "delete" || !resource) return change;
    const handles = plannedHandles(resource);
    const user = retained.find((other) => other && refusedByUse(resource.type, handles, other));
    return user
      ? { ...change, action: "refused", reason: `${user.path}, which stays in the account, uses it`, refusedBy: "AWS" }
      : change;
  });
}

/**
 * Expected time of the first deployment of a stack, and of a move between two plans: the longest path through the graph
 * that the engine walks. Resources that do not wait for each other are worked on at the same time.
 */
import { added } from "../lists";
import type { PlannedResource } from "../record/planned";
import { longestPath, type Node, type Step, totalOf } from "./longest-path";
import { minutesToCreate, minutesToDelete, minutesToUpdate } from "./minutes";

export interface Duration {
  /** Minutes of the path together, to a tenth. */
  minutes: number;
  /** The resource that takes longest: no order of work is faster. Null where nothing takes time. */
  longest: Step | null;
  /** The resources that decide the time, in the order of work. */
  path: Step[];
}

/** What happens to a resource in a move: a `Change` of planner/move. */
export interface Operation {
  path: string;
  action: string;
  /** Whether the engine deletes the resource before it creates its replacement. */
  deletedFirst?: true;
}

/** What the engine waits for before it works on a resource: its dependencies, its parent and its provider. */
const waitsFor = ({ dependsOn, parent, provider }: PlannedResource): string[] =>
  [...dependsOn, parent, provider].filter((path) => path !== null);

/** Of steps that take equally long, the first is the longest. */
const longestOf = (steps: Step[]) =>
  steps.reduce<Step | null>((longest, { path, minutes }) => {
    return minutes > (longest?.minutes ?? 0) ? { path, minutes } : longest;
  }, null);

/** Returns the expected time of the first deployment. */
export function durationOf(resources: PlannedResource[]): Duration {
  const nodes = resources.map((resource) => ({
    path: resource.path,
    minutes: minutesToCreate(resource),
    after: waitsFor(resource),
  }));
  const path = longestPath(nodes);
  return { minutes: totalOf(path), longest: longestOf(nodes), path };
}

/** Minutes while the engine walks the program: new resources, updates and replacements. */
function minutesAhead(
  change: Operation | undefined,
  before: PlannedResource | undefined,
  after: PlannedResource,
): number {
  if (change?.action === "create") return minutesToCreate(after);
  if (change?.action === "update" && before) return minutesToUpdate(before, after);
  if (change?.action !== "replace") return 0;
  return minutesToCreate(after) + (before && change.deletedFirst ? minutesToDelete(before) : 0);
}

/** Whether a resource, or what it was before its replacement, is deleted at the end. */
const isDeleted = ({ action, deletedFirst }: Operation) =>
  action === "delete" || (action === "replace" && !deletedFirst);

/** Each deletion waits for the deletions of what depends on it. Nothing where nothing is deleted. */
function deletions(from: PlannedResource[], operations: Map<string, Operation>): Node[] {
  if (![...operations.values()].some(isDeleted)) return [];
  const dependents = new Map<string, string[]>();
  for (const resource of from) for (const path of waitsFor(resource)) added(dependents, path, resource.path);
  return from.map((resource) => {
    const change = operations.get(resource.path);
    return {
      path: resource.path,
      minutes: change && isDeleted(change) ? minutesToDelete(resource) : 0,
      after: dependents.get(resource.path) ?? [],
    };
  });
}

/**
 * Returns the expected time of a move with these changes. The engine deletes what is left over at the end, after all
 * else. A change that is refused takes no time: the engine refuses the whole move.
 */
export function durationOfMove(from: PlannedResource[], to: PlannedResource[], changes: Operation[]): Duration {
  const operations = new Map(changes.map((change) => [change.path, change]));
  const before = new Map(from.map((resource) => [resource.path, resource]));
  const ahead = to.map((resource) => ({
    path: resource.path,
    minutes: minutesAhead(operations.get(resource.path), before.get(resource.path), resource),
    after: waitsFor(resource),
  }));
  const behind = deletions(from, operations);
  const path = [...longestPath(ahead), ...longestPath(behind)];
  return { minutes: totalOf(path), longest: longestOf([...ahead, ...behind]), path };
}

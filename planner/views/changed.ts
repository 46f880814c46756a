/** What every view of a move says of its changes. */
import { isDeepStrictEqual } from "node:util";
import { type Change, valuesAt } from "../move/changes";
import type { PlannedResource } from "../record/planned";
import { isMapping, sorted } from "../record/values";
import { type Topology, topologyOf } from "./topology";

/** The resources on both sides of a move. */
export interface Sides {
  before: PlannedResource[];
  after: PlannedResource[];
}

/** A changed property with its value on both sides, as JSON; undefined where a side has none. */
export interface PropertyChange {
  property: string;
  before: string | undefined;
  after: string | undefined;
}

/** Longest value that is shown, in characters. */
const longestValue = 300;

const shown = (value: unknown): string | undefined => {
  const text = JSON.stringify(sorted(value));
  if (text === undefined || text.length <= longestValue) return text;
  return `${text.slice(0, longestValue)}… (${text.length - longestValue} more characters)`;
};

/** The differing values inside two values. Lists of different lengths differ as a whole. */
function leaves(
  property: string,
  before: unknown,
  after: unknown,
): { property: string; before: unknown; after: unknown }[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isMapping(before) && isMapping(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .sort()
      .flatMap((key) => leaves(`${property}.${key}`, before[key], after[key]));
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((value, at) => leaves(`${property}[${at}]`, value, after[at]));
  return [{ property, before, after }];
}

/** Returns a function that gives the changed properties of a change. */
export function propertiesOf({ before, after }: Sides): (change: Change) => PropertyChange[] {
  const from = new Map(before.map((resource) => [resource.path, resource]));
  const to = new Map(after.map((resource) => [resource.path, resource]));
  const value = (resource: PlannedResource | undefined, property: string) =>
    property === "provider" ? resource?.provider : valuesAt(resource?.inputs, property.split("."));
  return ({ path, properties }) =>
    properties.flatMap((property) => {
      const found = leaves(property, value(from.get(path), property), value(to.get(path), property));
      const differing = found.length > 0 ? found : [{ property, before: undefined, after: undefined }];
      return differing.map((one) => ({ ...one, before: shown(one.before), after: shown(one.after) }));
    });
}

/** The components of both sides of a move together. */
export function joinedTopology({ before, after }: Sides): Topology {
  const paths = new Set(after.map(({ path }) => path));
  return topologyOf([...after, ...before.filter(({ path }) => !paths.has(path))]);
}

/** The changes by component, as `joinedTopology` has them. */
export function changesByBox({ boxes }: Topology, changes: Change[]): Map<string, Change[]> {
  const boxOf = new Map(boxes.flatMap(({ path, resources }) => resources.map((one) => [one.path, path] as const)));
  const found = new Map<string, Change[]>();
  for (const change of changes) {
    const box = boxOf.get(change.path) ?? "";
    const own = found.get(box);
    if (own) own.push(change);
    else found.set(box, [change]);
  }
  return found;
}

/** `2 replace, 1 create`: how many changes of each action. */
export function countsOf(changes: Change[]): string {
  const counts = new Map<string, number>();
  for (const { action } of changes) counts.set(action, (counts.get(action) ?? 0) + 1);
  return [...counts].map(([action, number]) => `${number} ${action}`).join(", ");
}

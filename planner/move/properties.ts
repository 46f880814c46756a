/** Inputs of a resource, compared property by property. */
import { isMapping } from "../record/values";
import type { PropertyChange } from "./change";

type Inputs = Record<string, unknown>;
type Segments = (string | number)[];

/** Returns the value at a path. For a list, returns the values of every item. */
export function valuesAt(value: unknown, path: string[]): unknown {
  if (path.length === 0 || value === null || typeof value !== "object") return path.length === 0 ? value : undefined;
  if (Array.isArray(value)) return value.map((item) => valuesAt(item, path));
  return valuesAt((value as Record<string, unknown>)[path[0] as string], path.slice(1));
}

/** Returns the inputs with another value at a path, or with none. A path that leads nowhere changes nothing. */
function withValue(inputs: Inputs, [name = "", ...rest]: string[], value: unknown): Inputs {
  if (rest.length > 0) {
    const inner = inputs[name];
    return isMapping(inner) ? { ...inputs, [name]: withValue(inner, rest, value) } : inputs;
  }
  const { [name]: _, ...others } = inputs;
  return value === undefined ? others : { ...others, [name]: value };
}

/** Returns the inputs with the values of ignored paths, such as `spec.podManagementPolicy`, from elsewhere. */
export function withIgnored(inputs: Inputs, ignored: string[], valueAt: (path: string[]) => unknown): Inputs {
  const paths = ignored.map((path) => path.split("."));
  return paths.reduce((current, path) => withValue(current, path, valueAt(path)), inputs);
}

/** A path as Pulumi writes it: `metadata.labels["app.kubernetes.io/name"]`, `containers[0].image`. */
function pathText(segments: Segments): string {
  const [first, ...rest] = segments.map((segment) => {
    if (typeof segment === "number") return `[${segment}]`;
    return /^[\w-]+$/.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`;
  });
  return `${(first ?? "").replace(/^\./, "")}${rest.join("")}`;
}

/** A property that differs, with the names in its path: those of mappings alone. */
export interface Difference extends Omit<PropertyChange, "replaces"> {
  names: string[];
}

/** The names of both sides, sorted. In a plan they are. */
function namesOf(before: Inputs, after: Inputs): string[] {
  const names = Object.keys(before);
  for (const name of Object.keys(after)) if (!Object.hasOwn(before, name)) names.push(name);
  return names.every((name, at) => at === 0 || (names[at - 1] as string) <= name) ? names : names.sort();
}

const valueIn = (inputs: Inputs, name: string) => (Object.hasOwn(inputs, name) ? inputs[name] : undefined);

/** Whether two values of JSON are the same. It allocates nothing: most of a move is large, and equal. */
function isSame(old: unknown, next: unknown): boolean {
  if (Object.is(old, next)) return true;
  if (typeof old !== "object" || typeof next !== "object" || old === null || next === null) return false;
  if (Array.isArray(old) || Array.isArray(next))
    return Array.isArray(old) && Array.isArray(next) && old.length === next.length && areSame(old, next);
  const [before, after] = [old as Inputs, next as Inputs];
  for (const name in after) if (!Object.hasOwn(before, name)) return false;
  for (const name in before) if (!Object.hasOwn(after, name) || !isSame(before[name], after[name])) return false;
  return true;
}

function areSame(old: unknown[], next: unknown[]): boolean {
  for (let index = 0; index < old.length; index++) if (!isSame(old[index], next[index])) return false;
  return true;
}

/**
 * Every property that differs, as deep as both sides have the same form. Lists of different lengths differ as a whole:
 * item by item, one more at the front would be a change of all.
 */
export function differences(before: unknown, after: unknown): Difference[] {
  if (isSame(before, after)) return [];
  const found: Difference[] = [];
  const at: Segments = [];
  const within = (segment: string | number, old: unknown, next: unknown) => {
    at.push(segment);
    compare(old, next);
    at.pop();
  };
  const compare = (old: unknown, next: unknown): void => {
    if (isSame(old, next)) return;
    if (isMapping(old) && isMapping(next)) {
      for (const name of namesOf(old, next)) within(name, valueIn(old, name), valueIn(next, name));
    } else if (Array.isArray(old) && Array.isArray(next) && old.length === next.length) {
      for (const [index, item] of old.entries()) within(index, item, next[index]);
    } else
      found.push({
        property: pathText(at),
        names: at.filter((segment) => typeof segment === "string"),
        ...(old !== undefined && { before: old }),
        ...(next !== undefined && { after: next }),
      });
  };
  compare(before, after);
  return found;
}

/** Whether one path leads through, or to, the other. */
export const overlaps = (one: string[], other: string[]): boolean =>
  one.slice(0, other.length).every((name, at) => name === other[at]);

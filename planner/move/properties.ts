/** Inputs of a resource, compared property by property. */
import { isDeepStrictEqual } from "node:util";
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

/**
 * Every property that differs, as deep as both sides have the same form. Lists of different lengths differ as a whole:
 * item by item, one more at the front would be a change of all.
 */
export function differences(before: unknown, after: unknown, at: Segments = []): Difference[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isMapping(before) && isMapping(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => differences(before[name], after[name], [...at, name]));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((item, index) => differences(item, after[index], [...at, index]));
  return [
    {
      property: pathText(at),
      names: at.filter((segment) => typeof segment === "string"),
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
    },
  ];
}

/** Whether one path leads through, or to, the other. */
export const overlaps = (one: string[], other: string[]): boolean =>
  one.slice(0, other.length).every((name, at) => name === other[at]);

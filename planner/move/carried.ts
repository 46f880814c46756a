/**
 * What the replacement of one resource changes in those that depend on it. Outputs of a resource that is created anew are
 * unknown before its creation; the engine compares the inputs made from them as changed
 * (pulumi/pulumi, pkg/resource/deploy/step_generator.go, calculateDependentReplacements).
 */
import { idOf, outputsOf } from "../record/outputs";
import type { PlannedResource } from "../record/planned";
import { isMapping, secretText, unknownText } from "../record/values";
import type { Pair } from "./identity";

type Inputs = Record<string, unknown>;

/** Texts shorter than this are names that other values may contain by chance: they must be the whole value. */
const leastPart = 12;

/** The values of a replaced resource that its replacement has anew, as the plan's stand-ins. */
export function renewedValues(resource: PlannedResource): Set<string> {
  const { path, name, type, inputs } = resource;
  const self = { path, name, type, inputs, region: "us-east-1" };
  // A Kubernetes object has no id but its name, which stays or changes in the program's sight.
  const outputs = Object.values(outputsOf(self)).filter((value) => typeof value === "string");
  return new Set([idOf(self), ...outputs].filter((value) => value !== ""));
}

const holds = (text: string, values: Set<string>): boolean =>
  values.has(text) || [...values].some((value) => value.length >= leastPart && text.includes(value));

/** A value with every text in it unknown for which the test holds. The same value if there is none. */
function unknownWhere(value: unknown, test: (text: string) => boolean): unknown {
  if (typeof value === "string") return test(value) ? unknownText : value;
  if (Array.isArray(value)) {
    const items = value.map((item) => unknownWhere(item, test));
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  if (!isMapping(value)) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, unknownWhere(inner, test)] as const);
  return entries.some(([name, inner]) => inner !== value[name]) ? Object.fromEntries(entries) : value;
}

/** A value with every text in it unknown that is made of renewed values. The same value if there is none. */
export const withUnknown = (value: unknown, renewed: Set<string>): unknown =>
  unknownWhere(value, (text) => holds(text, renewed));

/** Packages whose resources draw what they give: passwords, keys, suffixes of names. */
const drawing = /^(random|tls):/;

/** A hash, or a name that ends in one. */
const hashed = /(^|-)[0-9a-f]{8,64}$/;

/**
 * An input made from a resource that draws, with what does not show it unknown: a plan has no secrets, and a checksum or
 * the suffix of a name tells nothing of what it is made from.
 */
const withHidden = (value: unknown): unknown => unknownWhere(value, (text) => text === secretText || hashed.test(text));

/** The texts in a value. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(textsIn) : [];
}

/** A changing resource, as those that depend on it see it. */
export interface Carrier {
  path: string;
  /** Values of it that only the deployment knows: those of a new resource, and inputs made from such values. */
  renewed: Set<string>;
  /** Whether all that it gives is drawn anew. */
  drawn?: boolean;
  /** Values beside such an input. The SDK knows an output as a whole or not at all: `metadata.name` with `metadata`. */
  beside: Set<string>;
}

/** The inputs of a resource with all that its carriers make unknown. */
export function inputsAfter({ inputs, propertyDependencies }: PlannedResource, carriers: Carrier[]): Inputs {
  const entries = Object.entries(inputs).map(([property, value]) => {
    const next = carriers.reduce((known, { path, renewed, beside, drawn }) => {
      const madeFrom = propertyDependencies?.[property]?.includes(path) === true;
      const shown = withUnknown(known, madeFrom ? new Set([...renewed, ...beside]) : renewed);
      return madeFrom && drawn && shown === known ? withHidden(known) : shown;
    }, value);
    return [property, next] as const;
  });
  return Object.fromEntries(entries);
}

/** What a resource carries onward whose inputs its own carriers make unknown. */
export function carriedBy({ path, inputs }: PlannedResource, next: Inputs): Carrier {
  const changed = Object.keys(inputs).filter((property) => next[property] !== inputs[property]);
  const isWhole = (property: string) => typeof inputs[property] === "string";
  const texts = (properties: string[]) => new Set(properties.flatMap((property) => textsIn(inputs[property])));
  return {
    path,
    renewed: texts(changed.filter(isWhole)),
    beside: texts(changed.filter((property) => !isWhole(property))),
  };
}

/** Whether all that a resource gives is drawn anew where it is replaced. */
export const isDrawn = ({ type }: PlannedResource): boolean => drawing.test(type);

/** The name that dependents of an object have from it. */
function namesOf({ inputs }: PlannedResource): string[] {
  const { name } = isMapping(inputs.metadata) ? inputs.metadata : {};
  return typeof name === "string" ? [name] : [];
}

/**
 * The inputs of a resource as the engine compares them where a resource that they are made from is deleted first: each
 * input made from it is unknown as a whole, so a Deployment is replaced with the Secret that its `spec` names
 * (step_generator.go, calculateDependentReplacements). A plan without property dependencies shows them by its values.
 */
export function inputsWithout({ inputs, propertyDependencies }: PlannedResource, gone: PlannedResource): Inputs {
  const values = new Set([...renewedValues(gone), ...namesOf(gone)]);
  const made = Object.entries(inputs).map(([property, value]) => {
    if (!propertyDependencies) return [property, withUnknown(value, values)] as const;
    return [property, propertyDependencies[property]?.includes(gone.path) ? unknownText : value] as const;
  });
  return Object.fromEntries(made);
}

/** Values of resources that a program renames without replacing them, old to new: their stand-ins follow their paths. */
export function renamedValues(pairs: Pair[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const { before, after } of pairs) {
    if (!before || !after || (before.path === after.path && before.name === after.name)) continue;
    const [old, next] = [before, after].map((resource) => [...renewedValues(resource)]);
    old?.forEach((value, at) => {
      if (next?.[at] !== undefined) values.set(value, next[at]);
    });
  }
  return values;
}

/** A value with some texts in it, or parts of texts, replaced by others. */
export function replaceValues(value: unknown, values: Map<string, string>): unknown {
  if (typeof value === "string") {
    const whole = values.get(value);
    if (whole !== undefined) return whole;
    const parts = [...values].filter(([old]) => old.length >= leastPart && value.includes(old));
    return parts.reduce((text, [old, next]) => text.replaceAll(old, next), value);
  }
  if (Array.isArray(value)) return value.map((item) => replaceValues(item, values));
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replaceValues(inner, values)]));
}

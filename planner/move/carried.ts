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
function renewedValues(resource: PlannedResource): Set<string> {
  const { path, name, type, inputs } = resource;
  const self = { path, name, type, inputs, region: "us-east-1" };
  // A Kubernetes object has no id but its name, which stays or changes in the program's sight.
  const outputs = Object.values(outputsOf(self)).filter((value) => typeof value === "string");
  return new Set([idOf(self), ...outputs].filter((value) => value !== ""));
}

/** Values of a replaced resource, to be found in what others have of it. */
export class CarriedValues {
  private readonly parts: string[];
  /** Answers by text: those that depend on a resource have many texts in common. */
  private readonly known = new Map<string, boolean>();

  constructor(private readonly values: Set<string>) {
    this.parts = [...values].filter((value) => value.length >= leastPart);
  }

  /** Whether a text is made of one of the values. */
  make(text: string): boolean {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const found = this.values.has(text) || this.parts.some((part) => text.includes(part));
    this.known.set(text, found);
    return found;
  }
}

/** Packages whose resources draw what they give: passwords, keys, suffixes of names. */
const drawing = /^(random|tls):/;

/** A hash, or a name that ends in one. */
const hashed = /(^|-)[0-9a-f]{8,64}$/;

/** What does not show that it is made from such a resource: a plan has no secrets, and a hash tells nothing. */
const hidden = { make: (text: string): boolean => text === secretText || hashed.test(text) };

/** A value with every text in it unknown that is made of carried values. The same value if there is none. */
export function withUnknown(value: unknown, carried: Pick<CarriedValues, "make">[]): unknown {
  if (typeof value === "string") return carried.some((values) => values.make(value)) ? unknownText : value;
  if (carried.length === 0) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => withUnknown(item, carried));
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  if (!isMapping(value)) return value;
  let changed: Record<string, unknown> | undefined;
  for (const name of Object.keys(value)) {
    const next = withUnknown(value[name], carried);
    if (next === value[name]) continue;
    changed ??= { ...value };
    changed[name] = next;
  }
  return changed ?? value;
}

/** The texts in a value. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(textsIn) : [];
}

/** A changing resource, as those that depend on it see it. */
export interface Carrier {
  path: string;
  /** Values of it that only the deployment knows: those of a new resource, and inputs made from such values. */
  renewed: CarriedValues;
  /** Whether all that it gives is drawn anew. */
  drawn: boolean;
  /** Values beside such an input. The SDK knows an output as a whole or not at all: `metadata.name` with `metadata`. */
  beside: CarriedValues;
}

/** The inputs of a resource with all that its carriers make unknown. The same object if that is nothing. */
export function inputsAfter({ inputs, propertyDependencies }: PlannedResource, carriers: Carrier[]): Inputs {
  if (carriers.length === 0) return inputs;
  const renewed = carriers.map((one) => one.renewed);
  let changed: Inputs | undefined;
  for (const [property, value] of Object.entries(inputs)) {
    const madeFrom = propertyDependencies?.[property] ?? [];
    const sources = carriers.filter(({ path }) => madeFrom.includes(path));
    const shown = withUnknown(value, [...renewed, ...sources.map((one) => one.beside)]);
    const isHidden = shown === value && sources.some(({ drawn }) => drawn);
    const next = isHidden ? withUnknown(value, [hidden]) : shown;
    if (next === value) continue;
    changed ??= { ...inputs };
    changed[property] = next;
  }
  return changed ?? inputs;
}

/**
 * What a resource carries onward: the values that it has anew, and those of its inputs that its own carriers make unknown.
 * Undefined where that is nothing.
 */
export function carriedBy(resource: PlannedResource, next: Inputs, isNew: boolean): Carrier | undefined {
  const { path, inputs } = resource;
  if (!isNew && next === inputs) return undefined;
  const changed = Object.keys(inputs).filter((property) => next[property] !== inputs[property]);
  const isWhole = (property: string) => typeof inputs[property] === "string";
  const texts = (properties: string[]) => properties.flatMap((property) => textsIn(inputs[property]));
  // Of an object others have the name. What its labels and its spec say, they have of their own.
  const besides = (property: string) => {
    if (!resource.type.startsWith("kubernetes:")) return textsIn(inputs[property]);
    return property === "metadata" ? namesOf(resource) : [];
  };
  const own = isNew ? renewedValues(resource) : [];
  return {
    path,
    renewed: new CarriedValues(new Set([...own, ...texts(changed.filter(isWhole))])),
    drawn: isNew && drawing.test(resource.type),
    beside: new CarriedValues(new Set(changed.filter((property) => !isWhole(property)).flatMap(besides))),
  };
}

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
  const values = [new CarriedValues(new Set([...renewedValues(gone), ...namesOf(gone)]))];
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

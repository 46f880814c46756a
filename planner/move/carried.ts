/**
 * What the replacement of one resource changes in those that depend on it. Outputs of a resource that is created anew are
 * unknown before its creation; the engine compares the inputs made from them as changed
 * (pulumi/pulumi, pkg/resource/deploy/step_generator.go, calculateDependentReplacements).
 */
import { idOf, outputsOf } from "../record/outputs";
import type { PlannedResource } from "../record/planned";
import { isMapping, unknownText } from "../record/values";
import type { Pair } from "./identity";

/** Texts shorter than this are names that other values may contain by chance: they must be the whole value. */
const leastPart = 12;

/** What marks objects is the program's own text, also where it equals a name. */
const marks = new Set(["labels", "matchLabels", "selector", "tags"]);

/** The values of a replaced resource that its replacement has anew, as the plan's stand-ins. */
export function renewedValues(resource: PlannedResource): Set<string> {
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

/** A value with every text in it unknown that is made of carried values. The same value if there is none. */
export function withUnknown(value: unknown, carried: CarriedValues[]): unknown {
  if (typeof value === "string") return carried.some((values) => values.make(value)) ? unknownText : value;
  if (carried.length === 0) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => withUnknown(item, carried));
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  if (!isMapping(value)) return value;
  let changed: Record<string, unknown> | undefined;
  for (const name of Object.keys(value)) {
    const next = marks.has(name) ? value[name] : withUnknown(value[name], carried);
    if (next === value[name]) continue;
    changed ??= { ...value };
    changed[name] = next;
  }
  return changed ?? value;
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

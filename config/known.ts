import type { z } from "zod";
import type { TierSpec } from "../tiers";
import { keysAt, rawSettings } from "./parse";
import { nearest } from "./problems";
import { sizeOf } from "./resolve";
import { type Facts, UnknownValue } from "./rules/rule";
import { type Settings, settingsSchema } from "./schema";

/** Keys from the root of the configuration; items of a list by their number. */
type Path = readonly string[];

const startsWith = (path: Path, start: Path) => start.every((step, at) => path[at] === step);

/** The schema, without the one key that has no default: its absence is a problem like any other. */
const lenientSchema = settingsSchema.extend({ image: settingsSchema.shape.image.optional() });

/** Removes the value at a path, or else the nearest value around it. A list goes as a whole in the end: the schema refuses
 * a gap in it too. */
function remove(root: Record<string, unknown>, path: Path): Path | undefined {
  const containers: unknown[] = [root];
  for (const step of path) containers.push(Reflect.get(Object(containers.at(-1)), step));
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const [container, key] = [Object(containers[depth]), path[depth] as string];
    if (!Object.hasOwn(container, key)) continue;
    delete container[key];
    return path.slice(0, depth + 1);
  }
  return undefined;
}

/** Paths that an issue makes unknown. A misspelt key makes the one unknown that was meant. */
function pathsOf(issue: z.core.$ZodIssue): { wrong: Path; meant?: Path }[] {
  const path = issue.path.map(String);
  if (issue.code !== "unrecognized_keys") return [{ wrong: path }];
  return issue.keys.map((key) => {
    const meant = nearest(key, keysAt(issue.path));
    return { wrong: [...path, key], ...(meant !== undefined && { meant: [...path, meant] }) };
  });
}

/** Removes from a configuration what the schema refuses, until the schema accepts the rest and fills in its defaults. */
function withoutRefused(raw: Record<string, unknown>): { settings: Settings; unknown: Path[] } {
  const left = structuredClone(raw);
  const unknown: Path[] = [];
  for (;;) {
    const result = lenientSchema.safeParse(left);
    if (result.success) {
      if (result.data.image === undefined) unknown.push(["image"]);
      return { settings: result.data as Settings, unknown };
    }
    const round: Path[] = [];
    for (const { wrong, meant } of result.error.issues.flatMap(pathsOf)) {
      // The same value may be refused for two reasons.
      const removed = round.some((path) => startsWith(wrong, path)) ? undefined : remove(left, wrong);
      if (removed) round.push(removed);
      if (meant) unknown.push(meant);
    }
    if (round.length === 0) throw result.error;
    unknown.push(...round);
  }
}

/**
 * A view of a value that throws an `UnknownValue` if it is read at an unknown path.
 * @param whole  whether it may not be enumerated either, if a part of it is unknown
 */
function guarded<T>(value: T, unknown: Path[], whole: boolean, path: Path = []): T {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      const at = [...path, String(key)];
      if (unknown.some((one) => startsWith(at, one))) throw new UnknownValue();
      return guarded(Reflect.get(target, key), unknown, whole, at);
    },
    ownKeys(target) {
      if (whole && unknown.some((one) => one.length === path.length + 1 && startsWith(one, path)))
        throw new UnknownValue();
      return Reflect.ownKeys(target);
    },
  });
}

/**
 * What is known of a configuration that the schema refuses in part, so that the rules can check the rest. A rule that
 * asks for a setting which is refused, or for a size that depends on one, gets an `UnknownValue` thrown.
 */
export function knownFacts(texts: Record<string, string>): Facts {
  const { settings, unknown } = withoutRefused(rawSettings(texts));
  // A size takes over every override that there is, so a part of them is not enough.
  const whole = guarded(settings, unknown, true);
  const spec = new Proxy({} as TierSpec, { get: (_, key) => sizeOf(whole, key as keyof TierSpec) });
  return { settings: guarded(settings, unknown, false), spec };
}

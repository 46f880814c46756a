import { z } from "zod";
import { formatProblem, type Problem } from "../tiers/problem";
import { infoOf, innermost, schemaAt } from "./fields";
import { nearest } from "./problems";
import { settingsSchema } from "./schema";

const topLevelKeys = Object.keys(settingsSchema.shape);

/** Values that no message may repeat: they are secrets, or may have secrets in them. */
const secretPaths = [
  ["kubeconfig"],
  ["app", "secrets"],
  ["registry", "password"],
  ["observability", "mail", "password"],
  ["observability", "heartbeatUrl"],
];

/** Whether a value is a secret, is in one, or has one in it. */
const secretPath = (path: readonly PropertyKey[]) =>
  secretPaths.some((secret) => secret.every((step, at) => at >= path.length || path[at] === step));

/** Whether a value is what YAML makes of a text without quotes that looks like one. */
const isScalar = (value: unknown): value is number | boolean => typeof value === "number" || typeof value === "boolean";

const nothing = "nothing";

/** What may be said of a secret: that there is none, or its kind, which says why a text of digits is refused. */
function shownSecret(value: unknown): string {
  if (value === "") return nothing;
  return isScalar(value) ? `a ${typeof value}` : "[secret]";
}

function show(value: unknown, path: readonly PropertyKey[]): string {
  if (value === undefined) return nothing;
  if (secretPath(path)) return shownSecret(value);
  const shown = JSON.stringify(value) ?? String(value);
  return shown.length > 80 ? `${shown.slice(0, 77)}...` : shown;
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, step) => (at === null || at === undefined ? undefined : Reflect.get(Object(at), step)),
    value,
  );

/** `tierstack:postgres.storageGiB`, `tierstack:queues[1].name`. */
export function keyOf(project: string, path: readonly PropertyKey[]): string {
  const [first, ...rest] = path;
  const tail = rest.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return `${project}:${String(first)}${tail}`;
}

/** The namespace of the settings in a project that keeps its name; the documentation spells them so. */
const originalNamespace = "tierstack";

/** The problem of a full key that a renamed project left in the original namespace, where nothing would read it. */
export function leftBehind(project: string, fullKey: string): Problem | undefined {
  const [namespace, key = ""] = fullKey.split(":");
  if (project === originalNamespace || namespace !== originalNamespace || !topLevelKeys.includes(key)) return undefined;
  return {
    where: fullKey,
    given: "a key of another project",
    allowed: `keys of ${project}`,
    fix: `write ${keyOf(project, [key])}`,
  };
}

/** Keys of the object at a path. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  if (path.length === 0) return topLevelKeys;
  const schema = schemaAt(settingsSchema, path);
  const inner = schema && innermost(schema);
  return inner && "shape" in inner ? Object.keys(inner.shape as object) : topLevelKeys;
}

function unknownKey(project: string, path: readonly PropertyKey[], key: string): Problem {
  const known = keysAt(path);
  const like = nearest(key, known);
  return {
    where: keyOf(project, [...path, key]),
    given: "an unknown key",
    allowed: known.join(", "),
    fix: like ? `did you mean ${keyOf(project, [...path, like])}?` : "remove it",
  };
}

function problemOf(project: string, raw: unknown, issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(project, issue.path, key));
  // A record's entry has no description of its own: the record's applies.
  const path = issue.path;
  const schema = schemaAt(settingsSchema, path);
  const info = infoOf(schema) ?? infoOf(schemaAt(settingsSchema, path.slice(0, -1)));
  const where = keyOf(project, path);
  const value = valueAt(raw, path);
  const badKey = issue.code === "invalid_key";
  const meant = issue.code === "invalid_value" ? nearest(String(value), issue.values.map(String)) : undefined;
  const quoted = isScalar(value) && schema?.safeParse(String(value)).success;
  const change = quoted ? "put it in quotes" : meant ? `did you mean ${meant}?` : `change ${where}`;
  const given = badKey ? `the name ${JSON.stringify(path.at(-1))}` : show(value, path);
  return [
    {
      where,
      given,
      allowed: (badKey ? info?.names : info?.allowed) ?? issue.message,
      fix: badKey ? "rename it" : (info?.fix ?? (given === nothing ? `set ${where}` : change)),
    },
  ];
}

/**
 * Whether an empty value stands for a key that is not set: Pulumi.yaml declares keys without a default so. For a key with
 * a default it is a mistake; a `tier` that is left empty must not move a product to the smallest.
 */
function isUnset(value: string, schema: z.ZodType | undefined): boolean {
  if (value === "[]") return schema !== undefined && innermost(schema) instanceof z.ZodArray;
  const hasText = schema instanceof z.ZodDefault && typeof schema.def.defaultValue !== "object";
  return value === "" && !hasText;
}

/** The values of a configuration, which Pulumi hands over as text: JSON for everything but strings. */
export function rawSettings(texts: Record<string, string>): Record<string, unknown> {
  const entries = Object.entries(texts).flatMap(([key, value]) => {
    const schema = schemaAt(settingsSchema, [key]);
    if (isUnset(value, schema)) return [];
    const textual = schema && typeof schema.safeParse(value).data === "string";
    return [[key, textual ? value : listed(schema, parseJson(value))] as const];
  });
  return Object.fromEntries(entries);
}

/** A list of texts may be one text, with commas: `pulumi new` and `pulumi config set` write it so. */
function listed(schema: z.ZodType | undefined, value: unknown): unknown {
  const list = schema && innermost(schema);
  const ofTexts = list instanceof z.ZodArray && innermost(list.element as z.ZodType).def.type === "string";
  return ofTexts && typeof value === "string" ? value.split(",").map((text) => text.trim()) : value;
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The settings, or every value that the schema refuses. */
export function parseSettings(project: string, texts: Record<string, string>) {
  const raw = rawSettings(texts);
  const result = settingsSchema.safeParse(raw);
  if (result.success) return { settings: result.data, problems: [] };
  const problems = result.error.issues.flatMap((issue) => problemOf(project, raw, issue));
  // A text in the place of a list may be refused twice: as a text, and for its length.
  const once = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  return { settings: undefined, problems: [...once.values()] };
}

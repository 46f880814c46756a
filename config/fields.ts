import { z } from "zod";

/** What Pulumi.yaml, docs/configuration.md and error messages say about a field. */
export interface FieldInfo {
  description: string;
  /** The allowed values, in words. */
  allowed: string;
  /** How to fix a wrong value. @default "change KEY" */
  fix?: string;
  /** What applies when the key is left out and the schema has no default value of its own. @default "none" */
  default?: string;
  /** Of a record: the allowed names of its keys, in words. */
  names?: string;
}

const describe = <T extends z.ZodType>(schema: T, info: FieldInfo): T => schema.meta({ ...info });

/** A whole number within bounds, counted in `unit`. */
export const integer = (info: { min: number; max: number; unit?: string; description: string }) =>
  describe(z.number().int().min(info.min).max(info.max), {
    description: info.description,
    allowed: `a whole number${info.unit ? ` of ${info.unit}` : ""} from ${info.min} to ${info.max}`,
  });

/** One of a few strings. */
export const oneOf = <const T extends readonly [string, ...string[]]>(values: T, info: Omit<FieldInfo, "allowed">) =>
  describe(z.enum(values), { allowed: values.join(" | "), ...info });

/** A string that matches a pattern. */
export const string = (pattern: RegExp, info: FieldInfo) => describe(z.string().regex(pattern), info);

export const boolean = (description: string) => describe(z.boolean(), { description, allowed: "true | false" });

const countOf = (min: number, max: number) =>
  max === Infinity ? `${min} or more` : min === max ? `${min}` : min === 0 ? `at most ${max}` : `${min} to ${max}`;

/** A list within bounds; `items` names its items in the plural. */
export const array = <T extends z.ZodType>(
  item: T,
  info: { items: string; min?: number; max?: number; description: string; default?: string },
) => {
  const { items, min = 0, max = Infinity, ...rest } = info;
  return describe(z.array(item).min(min).max(max), { ...rest, allowed: `a list of ${countOf(min, max)} ${items}` });
};

/** An object whose keys are all known. */
export const object = <T extends z.ZodRawShape>(shape: T, description: string) =>
  describe(z.strictObject(shape), { description, allowed: `an object with the keys ${Object.keys(shape).join(", ")}` });

/** An object whose keys the user names. */
export const record = <T extends z.ZodType>(
  { pattern, allowed }: { pattern: RegExp; allowed: string },
  value: T,
  info: FieldInfo,
) => describe(z.record(z.string().regex(pattern), value), { ...info, names: allowed });

/** An optional field, which defaults to the tier's value or to `otherwise`. */
export const override = <T extends z.ZodType>(schema: T, otherwise = "the tier's") =>
  describe(schema, { ...requiredInfo("an override", schema), default: otherwise }).optional();

/** What is said about a field; undefined where a schema has no description. */
export function infoOf(schema: z.ZodType | undefined): FieldInfo | undefined {
  if (!schema) return undefined;
  const own = schema.meta() as unknown as FieldInfo | undefined;
  return own?.allowed ? own : infoOf(unwrapped(schema));
}

/** What is said about the field `key`. Throws an error where that is nothing. */
export function requiredInfo(key: string, schema: z.ZodType): FieldInfo {
  const info = infoOf(schema);
  if (!info) throw new Error(`config/schema.ts: ${key} has no description`);
  return info;
}

/** What applies when the field is left out: the schema's default value, or the words for it. */
export function defaultText(schema: z.ZodType): string {
  if (!(schema instanceof z.ZodDefault)) return infoOf(schema)?.default ?? "none";
  const value: unknown = schema.def.defaultValue;
  const isEmpty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
  if (isEmpty) return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The schema inside `optional`, `default` or `prefault`. */
function unwrapped(schema: z.ZodType): z.ZodType | undefined {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
    ? (schema.unwrap() as z.ZodType)
    : undefined;
}

/** The schema inside every wrapper. */
export function innermost(schema: z.ZodType): z.ZodType {
  const inner = unwrapped(schema);
  return inner ? innermost(inner) : schema;
}

/** The schema at a path. */
export function schemaAt(root: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let at: z.ZodType | undefined = root;
  for (const step of path) {
    const inner: z.ZodType | undefined = at && innermost(at);
    if (inner instanceof z.ZodObject) {
      // A key such as `toString` is not a field.
      at = Object.hasOwn(inner.shape, step) ? (inner.shape[String(step)] as z.ZodType) : undefined;
    } else if (inner instanceof z.ZodArray) at = inner.element as z.ZodType;
    else if (inner instanceof z.ZodRecord) at = inner.valueType as z.ZodType;
    else return undefined;
  }
  return at;
}

import { z } from "zod";

/** What a field's comment in Pulumi.yaml, its row in the documentation and its error messages are made of. */
export interface FieldInfo {
  description: string;
  /** The values allowed, in words; the middle of every error about the field. */
  allowed: string;
  /** What to do about a wrong value, when "set it to an allowed value" does not say enough. */
  fix?: string;
  /** The default in words, where it is not a value of its own (sizes come from the tier). */
  default?: string;
}

const describe = <T extends z.ZodType>(schema: T, info: FieldInfo): T => schema.meta({ ...info });

/** A whole number of `unit` within bounds. */
export const integer = (info: { min: number; max: number; unit?: string; description: string; default?: string }) =>
  describe(z.number().int().min(info.min).max(info.max), {
    description: info.description,
    allowed: `a whole number${info.unit ? ` of ${info.unit}` : ""} from ${info.min} to ${info.max}`,
    default: info.default ?? "the tier's",
  });

/** One of a few words. */
export const oneOf = <const T extends readonly [string, ...string[]]>(
  values: T,
  info: Omit<FieldInfo, "allowed"> & { allowed?: string },
) => describe(z.enum(values), { allowed: values.join(" | "), ...info });

/** Text of a certain form. */
export const string = (pattern: RegExp, info: FieldInfo) => describe(z.string().regex(pattern), info);

export const boolean = (description: string, byDefault = "the tier's") =>
  describe(z.boolean(), { description, allowed: "true | false", default: byDefault });

export const array = <T extends z.ZodType>(item: T, info: FieldInfo & { min?: number; max?: number }) => {
  const { min, max, ...rest } = info;
  let schema = z.array(item);
  if (min !== undefined) schema = schema.min(min);
  if (max !== undefined) schema = schema.max(max);
  return describe(schema, rest);
};

/** An object whose keys are all known. */
export const object = <T extends z.ZodRawShape>(shape: T, info: Omit<FieldInfo, "allowed">) =>
  describe(z.strictObject(shape), { allowed: `an object with the keys ${Object.keys(shape).join(", ")}`, ...info });

/** An object with keys of the user's own. */
export const record = <T extends z.ZodType>(key: RegExp, value: T, info: FieldInfo) =>
  describe(z.record(z.string().regex(key), value), info);

/** The field's description, or nothing where a schema has none. */
export function infoOf(schema: z.ZodType | undefined): FieldInfo | undefined {
  if (!schema) return undefined;
  const own = schema.meta() as unknown as FieldInfo | undefined;
  return own?.allowed ? own : infoOf(unwrapped(schema));
}

/** The schema below `optional`, `default` and `prefault`. */
export function unwrapped(schema: z.ZodType): z.ZodType | undefined {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
    ? (schema.unwrap() as z.ZodType)
    : undefined;
}

/** The schema below every wrapper. */
export function innermost(schema: z.ZodType): z.ZodType {
  const inner = unwrapped(schema);
  return inner ? innermost(inner) : schema;
}

/** The schema a path leads to. */
export function schemaAt(root: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let at: z.ZodType | undefined = root;
  for (const step of path) {
    const inner: z.ZodType | undefined = at && innermost(at);
    if (inner instanceof z.ZodObject) at = inner.shape[String(step)] as z.ZodType | undefined;
    else if (inner instanceof z.ZodArray) at = inner.element as z.ZodType;
    else if (inner instanceof z.ZodRecord) at = inner.valueType as z.ZodType;
    else return undefined;
  }
  return at;
}

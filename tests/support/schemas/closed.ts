import type { KubernetesObject } from "../objects";
import { type JsonSchema, refTo } from "./bundle";

const metadata = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const base64 = "base64";
const time = "time";

/** Definitions whose OpenAPI form says less than the API server checks. */
export const scalars: Record<string, JsonSchema> = {
  [base64]: {
    title: "base64",
    type: "string",
    pattern: "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
  },
  [time]: {
    title: "a time such as 2026-01-31T12:00:00Z",
    type: "string",
    pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$",
  },
  "io.k8s.apimachinery.pkg.apis.meta.v1.Time": { $ref: refTo(time) },
  "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": { $ref: refTo(time) },
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": { type: ["integer", "string"] },
  // The expression that Kubernetes itself puts into CRDs.
  "io.k8s.apimachinery.pkg.api.resource.Quantity": {
    title: "a quantity such as 250m or 1Gi",
    type: ["number", "string"],
    pattern:
      "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$",
  },
};

const copied = [
  "enum",
  "pattern",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "maxProperties",
];
/** `oneOf` and the like are not here: no schema in use has them, and one that comes to have them is to be looked at. */
const known = new Set([
  ...copied,
  ...["type", "format", "properties", "additionalProperties", "required", "items", "nullable"],
  ...["description", "default", "$ref"],
]);

const formats: Record<string, JsonSchema> = {
  byte: { $ref: refTo(base64) },
  "date-time": { $ref: refTo(time) },
};

/** Where a schema comes from: the API's own OpenAPI or a CRD. They mean different things by the same words. */
type Origin = "api" | "crd";

/** A default in a CRD is filled in before anything is checked; one in the OpenAPI may be Go's zero value and no more. */
function requiredFields({ required = [], properties = {} }: JsonSchema, origin: Origin): string[] {
  return required.filter((field) => origin === "api" || properties[field]?.default === undefined);
}

function closedObject(schema: JsonSchema, origin: Origin): JsonSchema {
  const { properties, additionalProperties } = schema;
  const fields = Object.entries(properties ?? {}).map(([name, inner]) => [name, closed(inner, origin)]);
  const needed = requiredFields(schema, origin);
  // An object of which no fields are listed takes any in the API's own definitions, and none in a CRD.
  const anything = (!properties && origin === "api") || schema["x-kubernetes-preserve-unknown-fields"];
  return {
    type: "object",
    ...(properties && { properties: Object.fromEntries(fields) }),
    ...(needed.length > 0 && { required: needed }),
    ...(typeof additionalProperties === "object"
      ? { additionalProperties: closed(additionalProperties, origin) }
      : !anything && { additionalProperties: false }),
  };
}

/**
 * The schema without words and with every list of fields closed: a field that is not listed is an error. Rules in CEL
 * (`x-kubernetes-validations`) are left to the API server. Throws at keywords of which it does not know.
 */
function closed(schema: JsonSchema, origin: Origin): JsonSchema {
  if (schema.$ref) return { $ref: schema.$ref };
  const kept = Object.fromEntries(copied.filter((key) => schema[key] !== undefined).map((key) => [key, schema[key]]));
  if (schema["x-kubernetes-int-or-string"]) return { type: ["integer", "string"], ...kept };
  const strange = Object.keys(schema).filter((key) => !known.has(key) && !key.startsWith("x-kubernetes-"));
  if (strange.length > 0) throw new Error(`unknown keywords in a schema: ${strange.join(", ")}`);
  const format = formats[schema.format as string];
  if (format) return format;
  if (schema.type === "object") return { ...kept, ...closedObject(schema, origin) };
  const type = schema.type && (schema.nullable ? [schema.type as string, "null"] : schema.type);
  return { ...(type && { type }), ...kept, ...(schema.items && { items: closed(schema.items, origin) }) };
}

/** An object of the API: what names it is fixed, its status is the server's own affair. */
function kindSchema(apiVersion: string, kind: string, schema: JsonSchema): JsonSchema {
  const { properties = {}, required = [] } = schema;
  return {
    ...schema,
    properties: {
      ...properties,
      apiVersion: { const: apiVersion },
      kind: { const: kind },
      metadata: { $ref: refTo(metadata) },
      ...(properties.status && { status: { type: "object" } }),
    },
    required: [...new Set(["apiVersion", "kind", "metadata", ...required])],
  };
}

/** A definition of Kubernetes' OpenAPI, by its name. */
export function closedDefinition(name: string, definition: JsonSchema): JsonSchema {
  return scalars[name] ?? closed(definition, "api");
}

/** A definition of Kubernetes' OpenAPI that is a kind of object. */
export const closedKind = (apiVersion: string, kind: string, definition: JsonSchema): JsonSchema =>
  kindSchema(apiVersion, kind, closed(definition, "api"));

/** What a CRD adds to a bundle. */
export interface CustomKind {
  /** `apiVersion/kind` */
  kind: string;
  /** Name of the definition, as the API server calls it in its own OpenAPI. */
  name: string;
  schema: JsonSchema;
}

/** The kinds of a CustomResourceDefinition, one for each version that is served. */
export function customKinds({ spec }: KubernetesObject): CustomKind[] {
  const { group, names, versions } = spec as {
    group: string;
    names: { kind: string };
    versions: { name: string; served: boolean; schema: { openAPIV3Schema: JsonSchema } }[];
  };
  return versions
    .filter(({ served }) => served)
    .map(({ name, schema }) => ({
      kind: `${group}/${name}/${names.kind}`,
      name: [...group.split(".").reverse(), name, names.kind].join("."),
      schema: kindSchema(`${group}/${name}`, names.kind, closed(schema.openAPIV3Schema, "crd")),
    }));
}

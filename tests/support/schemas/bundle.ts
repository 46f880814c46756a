import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the bundle is committed. */
export const bundleFile = join(__dirname, "kubernetes.generated.json");

/** A JSON schema (draft 7), as far as the bundle uses it. */
export interface JsonSchema {
  $ref?: string;
  /** What a pattern stands for, for messages. */
  title?: string;
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  required?: string[];
  items?: JsonSchema;
  enum?: unknown[];
  const?: unknown;
  [keyword: string]: unknown;
}

/** Schemas of the Kubernetes objects that a stack may use. */
export interface SchemaBundle {
  $comment: string;
  /** Versions of what the schemas were made from, by Go module. */
  sources: Record<string, string>;
  /** Names of definitions, by `apiVersion/kind`. */
  kinds: Record<string, string>;
  definitions: Record<string, JsonSchema>;
}

/** The committed bundle, which `scripts/kubernetes-schemas.ts` writes. */
export const readBundle = (): SchemaBundle => JSON.parse(readFileSync(bundleFile, "utf8"));

/** How a schema refers to a definition of the bundle. */
export const refTo = (definition: string): string => `#/definitions/${definition}`;

/** Names of the definitions that a schema refers to, itself. */
function refsOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(refsOf);
  if (typeof schema !== "object" || schema === null) return [];
  const { $ref, ...rest } = schema as JsonSchema;
  return [
    ...(typeof $ref === "string" ? [$ref.slice(refTo("").length)] : []),
    ...Object.values(rest).flatMap((inner) => refsOf(inner)),
  ];
}

/** Those of the definitions that the named ones need, themselves included, sorted. Throws where one is missing. */
export function definitionsFor(names: string[], definitions: SchemaBundle["definitions"]): SchemaBundle["definitions"] {
  const needed = new Map<string, JsonSchema>();
  const visit = (name: string) => {
    if (needed.has(name)) return;
    const definition = definitions[name];
    if (!definition) throw new Error(`no definition of ${name}`);
    needed.set(name, definition);
    refsOf(definition).forEach(visit);
  };
  names.forEach(visit);
  return Object.fromEntries([...needed].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A schema of one kind that stands alone, by `apiVersion/kind`. */
export function standaloneSchemas({ kinds, definitions }: SchemaBundle): Map<string, JsonSchema> {
  return new Map(
    Object.entries(kinds).map(([kind, name]) => [
      kind,
      { $ref: refTo(name), definitions: definitionsFor([name], definitions) },
    ]),
  );
}

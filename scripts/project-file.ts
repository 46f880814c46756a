/** Renders Pulumi.yaml: the project, and every configuration key with its description and default. */
import type { z } from "zod";
import { infoOf, innermost } from "../config/fields";
import { settingsSchema } from "../config/schema";

const head = `# Generated from config/schema.ts by \`npm run generate\`; edit there.
name: tierstack
description: Infrastructure that grows with a product - one tier setting, from MVP to Scale, in place
main: index.ts
runtime:
  name: nodejs
  options:
    # tsx runs the TypeScript as it is, in half the time that ts-node takes; types are checked by \`npm run types\`.
    typescript: false
    nodeargs: "--import tsx"
`;

type PulumiType = "string" | "boolean" | "integer" | "array";

/** How Pulumi types a key; it knows no objects, so those keys are comments here and checked by the program alone. */
function pulumiType(schema: z.ZodType): PulumiType | undefined {
  const kind = innermost(schema).def.type;
  if (kind === "enum" || kind === "string") return "string";
  if (kind === "boolean") return "boolean";
  if (kind === "number") return "integer";
  const isListOfTexts =
    kind === "array" && pulumiType((innermost(schema) as z.ZodArray<z.ZodType>).element) === "string";
  return isListOfTexts ? "array" : undefined;
}

function defaultOf(schema: z.ZodType, type: PulumiType): string {
  const result = schema.safeParse(undefined);
  if (result.success && result.data !== undefined) return JSON.stringify(result.data);
  // Pulumi asks for every declared key without a default; the program takes an empty one for a key not set.
  return type === "array" ? "[]" : '""';
}

export function projectFile(): string {
  const declared: string[] = [];
  const objects: string[] = [];
  for (const [key, schema] of Object.entries(settingsSchema.shape) as [string, z.ZodType][]) {
    const info = infoOf(schema);
    if (!info) throw new Error(`config/schema.ts: ${key} has no description`);
    const type = pulumiType(schema);
    if (!type) {
      objects.push(`  #   tierstack:${key} - ${info.description}`);
      continue;
    }
    declared.push(
      `  tierstack:${key}:`,
      `    type: ${type}`,
      ...(type === "array" ? ["    items:", "      type: string"] : []),
      `    description: ${JSON.stringify(`${info.description} Allowed: ${info.allowed}.`)}`,
      `    default: ${defaultOf(schema, type)}`,
    );
  }
  return [
    `${head}config:`,
    ...declared,
    "  # Keys that hold an object or a list of objects cannot be declared here; docs/configuration.md has their fields:",
    ...objects,
    "",
  ].join("\n");
}

/** Renders Pulumi.yaml: the project, and every configuration key with its description and default. */

import { stringify } from "yaml";
import type { z } from "zod";
import { innermost, requiredInfo } from "../config/fields";
import { settingsSchema } from "../config/schema";

/** What a product calls itself. */
export interface ProjectIdentity {
  name: string;
  description: string;
}

const head = ({
  name,
  description,
}: ProjectIdentity) => `# Generated from config/schema.ts by \`npm run generate\`; edit there, except name and description.
${stringify({ name, description }, { lineWidth: 0 })}main: index.ts
runtime:
  name: nodejs
  options:
    # tsx runs TypeScript without checking types, in half the time of ts-node; \`npm run types\` checks them.
    typescript: false
    nodeargs: "--import tsx"
`;

type PulumiType = "string" | "boolean" | "integer" | "array";

/** Pulumi's type of a key. Pulumi has none for objects: their keys are comments here, and only the program checks them. */
function pulumiType(schema: z.ZodType): PulumiType | undefined {
  const kind = innermost(schema).def.type;
  if (kind === "enum" || kind === "string") return "string";
  if (kind === "boolean") return "boolean";
  if (kind === "number") return "integer";
  const isListOfStrings =
    kind === "array" && pulumiType((innermost(schema) as z.ZodArray<z.ZodType>).element) === "string";
  return isListOfStrings ? "array" : undefined;
}

/** Pulumi's type of a declaration. It refuses an empty default for an integer, but takes a number for a string. */
function declaredType(schema: z.ZodType): PulumiType | undefined {
  const type = pulumiType(schema);
  return type === "integer" && schema.safeParse(undefined).data === undefined ? "string" : type;
}

function defaultOf(schema: z.ZodType, type: PulumiType): string {
  const result = schema.safeParse(undefined);
  if (result.success && result.data !== undefined) return JSON.stringify(result.data);
  // Pulumi requires a value for every declared key without a default. The program treats an empty value as not set.
  return type === "array" ? "[]" : '""';
}

export function projectFile(identity: ProjectIdentity): string {
  const { name } = identity;
  const declared: string[] = [];
  const objects: string[] = [];
  for (const [key, schema] of Object.entries(settingsSchema.shape) as [string, z.ZodType][]) {
    const info = requiredInfo(key, schema);
    const type = declaredType(schema);
    if (!type) {
      objects.push(`  #   ${name}:${key} - ${info.description}`);
      continue;
    }
    declared.push(
      `  ${name}:${key}:`,
      `    type: ${type}`,
      ...(type === "array" ? ["    items:", "      type: string"] : []),
      `    description: ${JSON.stringify(`${info.description.replaceAll("tierstack:", `${name}:`)} Allowed: ${info.allowed}.`)}`,
      `    default: ${defaultOf(schema, type)}`,
    );
  }
  return [
    `${head(identity)}config:`,
    ...declared,
    "  # Pulumi cannot declare keys that hold an object or a list of objects. docs/configuration.md lists their fields:",
    ...objects,
    "",
  ].join("\n");
}

/** Renders docs/configuration.md: every configuration key with its bounds and default. */
import { z } from "zod";
import { infoOf, innermost } from "../config/fields";
import { settingsSchema } from "../config/schema";

const cell = (text: string) => text.replaceAll("|", "\\|");

function rows(key: string, schema: z.ZodType): string[] {
  const info = infoOf(schema);
  if (!info) throw new Error(`config/schema.ts: ${key} has no description`);
  const inner = innermost(schema);
  const fields =
    inner instanceof z.ZodObject
      ? inner
      : inner instanceof z.ZodArray && innermost(inner.element as z.ZodType) instanceof z.ZodObject
        ? (innermost(inner.element as z.ZodType) as z.ZodObject)
        : undefined;
  if (fields) {
    const prefix = inner instanceof z.ZodArray ? `${key}[]` : key;
    return Object.entries(fields.shape).flatMap(([name, field]) => rows(`${prefix}.${name}`, field as z.ZodType));
  }
  return [`| \`${key}\` | ${cell(info.description)} | ${cell(info.allowed)} | ${cell(info.default ?? "none")} |`];
}

export function configurationPage(): string {
  const table = Object.entries(settingsSchema.shape).flatMap(([key, schema]) => rows(key, schema as z.ZodType));
  return `<!-- Generated from config/schema.ts by \`npm run generate\`; edit there. -->
# Configuration

Keys of a stack file, each below \`config:\` with the prefix \`tierstack:\`. Everything is checked before a resource
exists; all problems are reported at once.

| key | what it is | allowed | default |
|---|---|---|---|
${table.join("\n")}

Secrets are set encrypted, and stay so in plans, outputs and state:

\`\`\`
npx pulumi config set --secret --path 'tierstack:app.secrets.STRIPE_KEY' sk_live_...
\`\`\`
`;
}

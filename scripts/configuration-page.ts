/** Renders docs/configuration.md: every configuration key with its allowed values and default. */
import { z } from "zod";
import { defaultText, innermost, requiredInfo } from "../config/fields";
import { settingsSchema } from "../config/schema";
import { code, table } from "./markdown";

const cell = (text: string) => text.replaceAll("|", "\\|");

function rows(key: string, schema: z.ZodType): string[][] {
  const { description, allowed } = requiredInfo(key, schema);
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
  return [[code(key), ...[description, allowed, defaultText(schema)].map(cell)]];
}

export function configurationPage(): string {
  const fields = Object.entries(settingsSchema.shape).flatMap(([key, schema]) => rows(key, schema as z.ZodType));
  return `<!-- Generated from config/schema.ts by \`npm run generate\`; edit there. -->
# Configuration

Set these keys in a stack file, below \`config:\` and with the prefix \`tierstack:\`. All values are checked before any
resource is created, and all mistakes are reported at once. In a renamed project the prefix is the project's name; a key
that is left with \`tierstack:\` is an error.

${table(["key", "description", "allowed", "default"], Array(4).fill("---"), fields)}

Set secrets encrypted. Plans, outputs and state never show them in the clear:

\`\`\`
npx pulumi config set --secret --path 'tierstack:app.secrets.STRIPE_KEY' sk_live_... -s mvp
\`\`\`
`;
}

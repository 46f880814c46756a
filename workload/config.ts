/** The configuration of a process: the variables that the stack sets, and a few of the workload's own with defaults. */
import { z } from "zod";
import { processVariables, storeVariables } from "../contract/environment";

/** Variables that the stack does not set. Set them with `app.environment`. */
export const ownVariables = z.object({
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "silent"])
    .default("info")
    .describe("Least severe lines that are logged."),
  MODE: z
    .enum(["normal", "read-only", "maintenance"])
    .default("normal")
    .describe("Mode while Redis holds none, see below."),
  CACHE: z.enum(["on", "off"]).default("on").describe("Whether answers of the database are cached in Redis."),
  DATABASE_POOL_SIZE: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(5)
    .describe("Connections of a process to each of the two pooled URLs. PgBouncer shares its own among all processes."),
  DRAIN_NOTICE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(1000)
    .describe("How long a stopping process still takes requests, with a failing health check."),
  DRAIN_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(3_600_000)
    .default(25_000)
    .describe("How long it then waits for those in flight."),
  PROVIDER_URL: z
    .url("an http:// or https:// URL")
    .optional()
    .describe("Address of the AI provider. Without it, what needs one answers 503."),
});

const schema = z.object({ ...processVariables.shape, ...ownVariables.shape });

/** What a migration needs: it listens to nothing. */
export const migrationSchema = z.object({
  DATABASE_DIRECT_URL: storeVariables.shape.DATABASE_DIRECT_URL,
  LOG_LEVEL: ownVariables.shape.LOG_LEVEL,
});

export type Config = z.output<typeof schema>;

/** Variables that are missing or wrong, one a line. Values are not shown: URLs have passwords. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
  }
}

/**
 * Reads variables with a schema.
 * @throws ConfigError  with every problem at once
 */
export function readVariables<Schema extends z.ZodObject>(
  variables: Schema,
  env: Record<string, string | undefined>,
): z.output<Schema> {
  const parsed = variables.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      const given = env[name] === undefined ? "nothing" : "a value that does not fit";
      return `${name}: given ${given}; allowed: ${allowed(message)}; fix: set the variable (docs/application.md)`;
    }),
  );
}

/** zod's message without what was given. */
const allowed = (message: string) => message.replace(/^Invalid (input|option): /, "").replace(/, received .*$/, "");

/**
 * Returns the configuration of a process.
 * @throws ConfigError  with every problem at once
 */
export const loadConfig = (env: Record<string, string | undefined>): Config => readVariables(schema, env);

/** Runs an entry point. A wrong configuration is told in one line a problem, with exit code 2. */
export async function start(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}

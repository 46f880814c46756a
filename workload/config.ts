/** The configuration of a process: the variables that the stack sets, and a few of the workload's own with defaults. */
import { z } from "zod";
import { processVariables, roleVariables, storeVariables, workerVariables } from "../contract/environment";
import { modes } from "../contract/operate";

/** Variables that the stack does not set. Set them with `app.environment`. */
export const ownVariables = z.object({
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "silent"])
    .default("info")
    .describe("Least severe lines that are logged."),
  MODE: z.enum(modes).default("normal").describe("Mode while Redis holds none, see below."),
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
  JOB_QUEUE: z
    .string()
    .min(1)
    .default("default")
    .describe("Queue of `tierstack:queues` that the application's jobs go to."),
  SEARCH: z
    .enum(["on", "off"])
    .default("on")
    .describe("Whether items can be searched. `off` for a database without pgvector: nothing of it is created."),
  WEBHOOK_SECRETS: z
    .string()
    .regex(/^whsec_\S+( whsec_\S+)*$/, "whsec_<base64>, several separated by spaces")
    .optional()
    .describe("Secrets of the provider's webhooks. While one is exchanged, both. Without it, webhooks answer 404."),
});

const schema = z.object({ ...processVariables.shape, ...ownVariables.shape });

/** Further variables of a worker. */
export const jobVariables = z.object({
  JOB_LOCK_MS: z.coerce
    .number()
    .int()
    .min(1000)
    .max(600_000)
    .default(30_000)
    .describe("How long a job belongs to a worker that is silent. It runs again after at most twice that."),
  SWEEP_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3600)
    .default(60)
    .describe("How long a job may wait before its queue is asked whether it still has it."),
});

/** Further variables of the maintenance. */
export const maintenanceVariables = z.object({
  EVENTS_RETENTION_MONTHS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1200)
    .default(12)
    .describe("Months of events that stay in the database beside the current one."),
  ARCHIVE_BUCKET: z
    .string()
    .min(3)
    .optional()
    .describe("S3 bucket for older events. Without it, they stay in the database."),
  ARCHIVE_ENDPOINT: z
    .url("an http:// or https:// URL")
    .optional()
    .describe("Address of another object store that speaks S3."),
});

/** Further variables of a move to another Redis. */
export const moveVariables = z.object({
  OLD_REDIS_URL: storeVariables.shape.REDIS_URL.describe("The Redis that was in use. `REDIS_URL` is the new one."),
  MOVE_WAIT_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(120)
    .describe("How long to wait for jobs that old workers still run."),
});

/** What a worker needs. */
export const workerSchema = z.object({ ...schema.shape, ...workerVariables.shape, ...jobVariables.shape });

/** What the maintenance needs: it listens to nothing. */
export const maintenanceSchema = z.object({
  DATABASE_DIRECT_URL: storeVariables.shape.DATABASE_DIRECT_URL,
  AWS_REGION: roleVariables.shape.AWS_REGION,
  LOG_LEVEL: ownVariables.shape.LOG_LEVEL,
  SEARCH: ownVariables.shape.SEARCH,
  ...maintenanceVariables.shape,
});

/** What a move of queues and keys to another Redis needs. */
export const moveSchema = z.object({
  REDIS_URL: storeVariables.shape.REDIS_URL,
  LOG_LEVEL: ownVariables.shape.LOG_LEVEL,
  ...moveVariables.shape,
});

/** What the switches need. */
export const switchSchema = z.object({ REDIS_URL: storeVariables.shape.REDIS_URL });

/** What a migration needs: it listens to nothing. */
export const migrationSchema = z.object({
  DATABASE_DIRECT_URL: storeVariables.shape.DATABASE_DIRECT_URL,
  LOG_LEVEL: ownVariables.shape.LOG_LEVEL,
  SEARCH: ownVariables.shape.SEARCH,
});

export type Config = z.output<typeof schema>;

/** Variables or arguments that are missing or wrong, one a line. Values of variables are not shown: URLs have passwords. */
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

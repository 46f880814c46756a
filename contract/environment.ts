/**
 * What the stack gives the application and its workers: the one schema of their environment. The stack sets the variables
 * of each process by it, the reference workload reads them with it, so neither can drift from the other.
 */
import { z } from "zod";

const port = z.coerce.number().int().min(1).max(65535);
const database = z.string().regex(/^postgres(ql)?:\/\//, "a postgres:// URL");

/** Set in each container by itself. */
export const containerVariables = z.object({
  PORT: port.describe("Listen here for HTTP. Return 200 on the health path when you can serve. Workers do this too."),
});

/** URLs with credentials: secret. */
export const storeVariables = z.object({
  DATABASE_URL: database.describe("For transactions, through PgBouncer."),
  DATABASE_READ_URL: database.describe(
    "For read-only transactions that may lag behind the primary, through PgBouncer.",
  ),
  DATABASE_DIRECT_URL: database.describe(
    "For migrations and what needs a session: a server connection for each client.",
  ),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, "a redis:// or rediss:// URL")
    .describe("For a Redis client in cluster mode."),
});

/** The same in every container. Without TLS, as on a developer's machine, the certificate's file is not needed. */
export const plainVariables = z.object({
  REDIS_CLUSTER: z.literal("true").describe("Always `true`."),
  PGSSLROOTCERT: z
    .string()
    .min(1)
    .optional()
    .describe("File with the CA certificate of the cluster's own authority. libpq reads it."),
  NODE_EXTRA_CA_CERTS: z.string().min(1).optional().describe("The same file. Node.js reads it."),
});

/** Set with `app.iamPolicy` only, so it may also be the user's own. */
export const roleVariables = z.object({
  AWS_REGION: z.string().min(1).optional().describe("With `app.iamPolicy`: the stack's region, for AWS SDKs."),
});

/** Variables of every process. */
export const processVariables = z.object({
  ...containerVariables.shape,
  ...storeVariables.shape,
  ...plainVariables.shape,
  ...roleVariables.shape,
});

/** Variables that a worker has beside those of every process. */
export const workerVariables = z.object({
  WORKER_QUEUE: z.string().min(1).describe("the queue to work on."),
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).describe("how many jobs to run at a time."),
  WORKER_LIST: z.string().min(1).describe("the Redis list of waiting jobs."),
});

/** A value for each variable of a schema, the optional ones included: what the stack has to set. */
export type Values<Schema extends z.ZodObject, Value = string> = Record<keyof Schema["shape"] & string, Value>;

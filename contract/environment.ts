/**
 * What the stack gives the application and its workers: the one schema of their environment. The stack sets the variables
 * of each process by it, the reference workload reads them with it, so neither can drift from the other.
 */
import { z } from "zod";

const port = z.coerce.number().int().min(1).max(65535);
const database = z.string().regex(/^postgres(ql)?:\/\//, "a postgres:// URL");

/** Variables of every process. */
export const processVariables = z.object({
  /** Where the process listens for HTTP. */
  PORT: port,
  /** For transactions, through PgBouncer. */
  DATABASE_URL: database,
  /** For read-only transactions that may lag behind the primary, through PgBouncer. */
  DATABASE_READ_URL: database,
  /** For migrations and what needs a session: a server connection for each client. */
  DATABASE_DIRECT_URL: database,
  /** For a Redis client in cluster mode. */
  REDIS_URL: z.string().regex(/^rediss?:\/\//, "a redis:// or rediss:// URL"),
  REDIS_CLUSTER: z.literal("true"),
  /** File with the certificate of the cluster's own authority. libpq reads it. */
  PGSSLROOTCERT: z.string().min(1).optional(),
  /** The same file. Node.js reads it. */
  NODE_EXTRA_CA_CERTS: z.string().min(1).optional(),
  /** With `app.iamPolicy`: the stack's region, for AWS SDKs. */
  AWS_REGION: z.string().min(1).optional(),
});

/** Variables that a worker has beside those of every process. */
export const workerVariables = z.object({
  /** The queue to work on. */
  WORKER_QUEUE: z.string().min(1),
  /** How many jobs to run at a time. */
  WORKER_CONCURRENCY: z.coerce.number().int().min(1),
  /** The Redis list of waiting jobs. */
  WORKER_LIST: z.string().min(1),
});

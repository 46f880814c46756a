/** Environment variables that the stack gives every container of the application, and so the user may not. */
export const providedVariables = [
  "PORT",
  "DATABASE_URL",
  "DATABASE_READ_URL",
  "REDIS_URL",
  "REDIS_CLUSTER",
  "PGSSLROOTCERT",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_DIR",
  "WORKER_QUEUE",
  "WORKER_CONCURRENCY",
  "WORKER_LIST",
] as const;

import type * as k8s from "@pulumi/kubernetes";
import { caFile } from "../support/names";

/** Environment variables that the stack gives every container of the application, and so the user may not. */
export const providedVariables = [
  "PORT",
  "DATABASE_URL",
  "DATABASE_READ_URL",
  "REDIS_URL",
  "REDIS_CLUSTER",
  "PGSSLROOTCERT",
  "NODE_EXTRA_CA_CERTS",
  "WORKER_QUEUE",
  "WORKER_CONCURRENCY",
  "WORKER_LIST",
] as const;

type EnvVar = k8s.types.input.core.v1.EnvVar;

/** Plain variables that the platform sets. The Redis client mode is the same on every tier. */
const platform = {
  REDIS_CLUSTER: "true",
  PGSSLROOTCERT: caFile,
  NODE_EXTRA_CA_CERTS: caFile,
} as const;

/**
 * Plain variables of every workload. A variable named twice is refused by Kubernetes, and a plain one hides the secret
 * of its name: so the platform's win over the user's, and secret ones over plain ones.
 */
export function variables(user: Record<string, string>, secretNames: string[]): EnvVar[] {
  const hidden = new Set<string>([...providedVariables, ...secretNames]);
  const own = Object.entries(user).filter(([name]) => !hidden.has(name));
  return [...own, ...Object.entries(platform)].map(([name, value]) => ({ name, value }));
}

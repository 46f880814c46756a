import type * as k8s from "@pulumi/kubernetes";
import { caFile } from "../support/names";

/** Environment variables that the platform sets in every container of the application. The user must not set them. */
export const providedVariables = [
  "PORT",
  "DATABASE_URL",
  "DATABASE_READ_URL",
  "DATABASE_DIRECT_URL",
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
 * Returns the plain variables of every workload. Kubernetes rejects duplicate names, and a plain variable hides a
 * secret one of the same name. So the platform's variables override the user's, and secret ones override plain ones.
 */
export function variables(user: Record<string, string>, secretNames: string[]): EnvVar[] {
  const reserved = new Set<string>([...providedVariables, ...secretNames]);
  const userVariables = Object.entries(user).filter(([name]) => !reserved.has(name));
  return [...userVariables, ...Object.entries(platform)].map(([name, value]) => ({ name, value }));
}

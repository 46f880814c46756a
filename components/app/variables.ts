import type * as k8s from "@pulumi/kubernetes";
import {
  type plainVariables,
  processVariables,
  roleVariables,
  type Values,
  workerVariables,
} from "../../contract/environment";
import { caFile } from "../support/names";

/** Variables that may also be the user's own. */
const sharedVariables: readonly string[] = Object.keys(roleVariables.shape);

/** Environment variables that the platform sets in every container of the application. The user must not set them. */
export const providedVariables: readonly string[] = [
  ...Object.keys(processVariables.shape),
  ...Object.keys(workerVariables.shape),
].filter((name) => !sharedVariables.includes(name));

type EnvVar = k8s.types.input.core.v1.EnvVar;

/** Plain variables that the platform sets. The Redis client mode is the same on every tier. */
const platform: Values<typeof plainVariables> = {
  REDIS_CLUSTER: "true",
  PGSSLROOTCERT: caFile,
  NODE_EXTRA_CA_CERTS: caFile,
};

/**
 * Returns the plain variables of every workload. Kubernetes rejects duplicate names, and a plain variable hides a
 * secret one of the same name. So the platform's variables override the user's, and secret ones override plain ones.
 */
export function variables(user: Record<string, string>, secretNames: string[]): EnvVar[] {
  const reserved = new Set<string>([...providedVariables, ...secretNames]);
  const userVariables = Object.entries(user).filter(([name]) => !reserved.has(name));
  return [...userVariables, ...Object.entries(platform)].map(([name, value]) => ({ name, value }));
}

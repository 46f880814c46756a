import type * as k8s from "@pulumi/kubernetes";

/**
 * Provider options for a cluster that the stack creates.
 *
 * - Upsert: adopts an object that already exists, such as one left by an earlier move or created by the cluster.
 *   Without it the create would fail.
 * - Force: takes over fields that the previous resource still owns.
 * - Mutable ConfigMaps and Secrets: updates them in place. Where the name is fixed, the provider would delete and
 *   recreate them. Checksum annotations restart the pods.
 */
export const applyOptions = {
  enableServerSideApply: true,
  upsertExistingObjects: true,
  enablePatchForce: true,
  enableConfigMapMutable: true,
  enableSecretMutable: true,
} as const satisfies k8s.ProviderArgs;

/**
 * Provider options for a cluster that others use too. Without `adopt`, an object that exists already is an error, and so
 * is a field that somebody else owns: the stack takes nothing over.
 */
export const sharedClusterOptions = (adopt = false) =>
  ({ ...applyOptions, upsertExistingObjects: adopt, enablePatchForce: adopt }) satisfies k8s.ProviderArgs;

/** Scheduling of worker pods that run on the general nodes: no constraints. */
export const defaultScheduling = { nodeSelector: {}, tolerations: [] };

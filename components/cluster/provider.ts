import type * as k8s from "@pulumi/kubernetes";

/**
 * How the Kubernetes provider applies objects, on every kind of cluster. Upsert: an object that is there already (left
 * behind by an earlier move, or made by the cluster itself) is taken over where a create would fail; force: also where
 * its fields still belong to the resource that left it. ConfigMaps and Secrets are changed in place: the provider would
 * delete and make them again, for their names are fixed, and pods restart by their checksums anyway.
 */
export const applyOptions = {
  enableServerSideApply: true,
  upsertExistingObjects: true,
  enablePatchForce: true,
  enableConfigMapMutable: true,
  enableSecretMutable: true,
} as const satisfies k8s.ProviderArgs;

/** Scheduling of worker pods that share the general nodes. */
export const anywhereScheduling = { nodeSelector: {}, tolerations: [] };

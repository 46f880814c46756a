import type * as k8s from "@pulumi/kubernetes";

/**
 * How the Kubernetes provider applies objects, on every kind of cluster. Upsert: an object that is there already (left
 * behind by an earlier move, or made by the cluster itself) is taken over where a create would fail; force: also where
 * its fields still belong to the resource that left it. A ConfigMap is changed in place: the provider would delete and
 * make it again, for its name is fixed, and pods restart by their checksum anyway.
 */
export const applyOptions = {
  enableServerSideApply: true,
  upsertExistingObjects: true,
  enablePatchForce: true,
  enableConfigMapMutable: true,
} as const satisfies k8s.ProviderArgs;

/** Scheduling of worker pods that share the general nodes. */
export const anywhereScheduling = { nodeSelector: {}, tolerations: [] };

import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/**
 * The part of the spec that is the same for every store: one pod, which the controller may replace before it is ready.
 * With Kubernetes' default, `OrderedReady`, the controller waits for the pod first, so a pod that cannot start (a bad
 * setting, an image that does not exist) stays until somebody deletes it, even once the template is right again. One pod
 * has no order to lose.
 */
export const onePod = {
  replicas: 1,
  podManagementPolicy: "Parallel",
} as const satisfies Partial<k8s.types.input.apps.v1.StatefulSetSpec>;

/** Options of a store's StatefulSet. The policy of pods is immutable: a set that exists keeps its own, and its pod. */
export const keepsPodManagement = {
  ignoreChanges: ["spec.podManagementPolicy"],
} satisfies pulumi.CustomResourceOptions;

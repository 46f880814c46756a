import type { KubernetesObject } from "../objects";
import { podTemplatesOf } from "../pod-templates";
import type { PodEndpoint, World } from "./evaluate";
import type { NetworkPolicy } from "./policy";

/** What a NetworkPolicy can see of the pods of a workload. */
export type Workload = Pick<PodEndpoint, "name" | "namespace" | "labels" | "containerPorts">;

interface Container {
  ports?: PodEndpoint["containerPorts"];
  restartPolicy?: string;
}

/** Containers that run at the same time. An init container with `restartPolicy: Always` is one of them. */
function runningContainers({ containers, initContainers = [] }: Record<string, Container[]>): Container[] {
  return [...(containers ?? []), ...initContainers.filter(({ restartPolicy }) => restartPolicy === "Always")];
}

/**
 * Every object that creates pods, by the name in its labels: a Job's own name ends in a hash. Pods and
 * other objects with an owner are left to their owner.
 */
export function workloadsOf(objects: KubernetesObject[]): Workload[] {
  return objects
    .filter(({ metadata }) => !("ownerReferences" in metadata))
    .flatMap((object) =>
      podTemplatesOf(object).map(({ metadata, spec }) => ({
        name: object.metadata.labels?.["app.kubernetes.io/name"] ?? object.metadata.name,
        namespace: metadata.namespace,
        labels: metadata.labels ?? {},
        containerPorts: runningContainers(spec).flatMap(({ ports = [] }) => ports),
      })),
    );
}

/** Namespaces and NetworkPolicies among the objects. */
export function worldOf(objects: KubernetesObject[]): World {
  return {
    namespaces: objects
      .filter(({ apiVersion, kind }) => apiVersion === "v1" && kind === "Namespace")
      .map(({ metadata }) => ({ name: metadata.name, labels: metadata.labels ?? {} })),
    policies: objects.filter(
      ({ apiVersion, kind }) => apiVersion === "networking.k8s.io/v1" && kind === "NetworkPolicy",
    ) as unknown as NetworkPolicy[],
  };
}

// The package's index leaves these out.
import { containerTotalForResource } from "@kubernetes/client-node/dist/util.js";
import type { KubernetesObject } from "../../support/objects";

type Resource = "cpu" | "memory";

/** What a container uses, in percent of what it requests. */
export interface ContainerUsage extends Partial<Record<Resource, number>> {
  /** Pods that were measured: the load is that of so many, and is shared evenly by all that run. Without it, every pod
   * uses as much, however many there are. */
  pods?: number;
}

/** By name of the container; one that is not named uses nothing. */
export type Usage = Record<string, ContainerUsage>;

/** Whether the pod is measured: one that starts or goes is not. */
const isRunning = ({ metadata, status }: KubernetesObject) =>
  status?.phase === "Running" && !("deletionTimestamp" in metadata);

type Container = Parameters<typeof containerTotalForResource>[0];

/** The next whole number; what a product of fractions lies above one does not count. */
const roundUp = (value: number) => Math.ceil(value - 1e-6);

/** A container's use of a resource as a quantity: thousandths of a CPU, or bytes. Rounded up, for the autoscaler cuts
 * its percentage off. */
function quantity(container: Container, resource: Resource, used: ContainerUsage, running: number): string {
  const request = Number(containerTotalForResource(container, resource).request);
  const share = ((used[resource] ?? 0) / 100) * ((used.pods ?? running) / running);
  return resource === "cpu" ? `${roundUp(request * share * 1000)}m` : String(roundUp(request * share));
}

/** `PodMetricsList` of metrics.k8s.io/v1beta1: what those of the pods that run use, container by container. */
export function podMetrics(pods: KubernetesObject[], usage: Usage): object {
  const running = pods.filter(isRunning);
  return {
    apiVersion: "metrics.k8s.io/v1beta1",
    kind: "PodMetricsList",
    metadata: {},
    items: running.map(({ metadata: { name, namespace, labels }, spec }) => ({
      metadata: { name, namespace, labels },
      timestamp: new Date().toISOString(),
      window: "15s",
      containers: spec.containers.map((container: Container) => {
        const measured = (resource: Resource) =>
          quantity(container, resource, usage[container.name] ?? {}, running.length);
        return { name: container.name, usage: { cpu: measured("cpu"), memory: measured("memory") } };
      }),
    })),
  };
}

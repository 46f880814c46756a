// The package's index does not export these.
import { containerTotalForResource } from "@kubernetes/client-node/dist/util.js";
import type { KubernetesObject } from "../../support/objects";

type Resource = "cpu" | "memory";

/** Usage of a container, in percent of its requests. */
export interface ContainerUsage extends Partial<Record<Resource, number>> {
  /**
   * Number of pods that the usage was measured with. The total load stays constant and is shared by all running pods.
   * @default every pod has this usage, whatever their number
   */
  pods?: number;
}

/** Usage by container name. Other containers use nothing. */
export type Usage = Record<string, ContainerUsage>;

/** Whether the pod has metrics. A starting or terminating pod has none. */
const isRunning = ({ metadata, status }: KubernetesObject) =>
  status?.phase === "Running" && !("deletionTimestamp" in metadata);

type Container = Parameters<typeof containerTotalForResource>[0];

/** Rounds up, ignoring floating-point error. */
const roundUp = (value: number) => Math.ceil(value - 1e-6);

/**
 * Returns a container's usage as a quantity in millicores or bytes. Rounded up, because the autoscaler rounds its
 * percentage down.
 */
function quantity(container: Container, resource: Resource, used: ContainerUsage, running: number): string {
  const request = Number(containerTotalForResource(container, resource).request);
  const share = ((used[resource] ?? 0) / 100) * ((used.pods ?? running) / running);
  return resource === "cpu" ? `${roundUp(request * share * 1000)}m` : String(roundUp(request * share));
}

/** Returns a `PodMetricsList` (metrics.k8s.io/v1beta1) of the running pods. */
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

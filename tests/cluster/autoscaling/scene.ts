import { isDeepStrictEqual } from "node:util";
import { conditionOf, type KubernetesObject, type StackObject } from "../../support/objects";
import type { Reference } from "../api/api";
import { type ControlPlane, startControlPlane } from "../control-plane/control-plane";
import { until } from "../control-plane/servers";
import { roomyNodes } from "../nodes";
import { deploymentKind, isReady, podKind } from "../rollout";
import { MetricsServer } from "./metrics-server";
import { changes, Observer } from "./observer";

/** Namespace of all that scales. */
const namespace = "app";
export const autoscalerKind = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" };

/** Four looks a second in place of one in 15 seconds, and simulated pods that count from their first moment on: real
 * ones are given half a minute to become ready and five to start. */
const flags = [
  "--horizontal-pod-autoscaler-sync-period=250ms",
  "--horizontal-pod-autoscaler-initial-readiness-delay=0s",
  "--horizontal-pod-autoscaler-cpu-initialization-period=0s",
];

/** What an autoscaler made of its metrics. */
export interface Decision {
  /** Pods it wants. */
  pods: number;
  /** Reason of its condition `AbleToScale`: what it did, or what holds it back. */
  able: string;
  /** Reason of its condition `ScalingLimited`: the limit it ran into. */
  limit: string;
}

/** Reason of a condition of an autoscaler; empty where it has none yet. */
const reasonOf = (autoscaler: KubernetesObject, type: string): string => conditionOf(autoscaler, type)?.reason ?? "";

const decisionOf = (autoscaler: KubernetesObject): Decision => ({
  pods: autoscaler.status.desiredReplicas,
  able: reasonOf(autoscaler, "AbleToScale"),
  limit: reasonOf(autoscaler, "ScalingLimited"),
});

/** What an autoscaler has read last: percent by resource, or the quantity a pod of a queue. */
export type Readings = Record<string, number | string>;

interface MetricStatus {
  external?: { current: { averageValue: string } };
  resource?: ResourceStatus;
  containerResource?: ResourceStatus;
}

interface ResourceStatus {
  name: string;
  current: { averageUtilization: number };
}

/** A metric that could not be read has none of the three parts. */
function readingsOf({ status }: KubernetesObject): Readings {
  const readings: Readings = {};
  for (const { external, resource, containerResource } of (status?.currentMetrics ?? []) as MetricStatus[]) {
    const used = containerResource ?? resource;
    if (external) readings.queue = external.current.averageValue;
    if (used) readings[used.name] = used.current.averageUtilization;
  }
  return readings;
}

/** A control plane whose autoscalers read what the test tells them. */
export class Scene {
  private constructor(
    private readonly cluster: ControlPlane,
    readonly metrics: MetricsServer,
    readonly deployments: Observer,
    readonly autoscalers: Observer,
  ) {}

  /** With nodes for all that any of the stacks asks for. */
  static async open(objects: StackObject[]): Promise<Scene> {
    const cluster = await startControlPlane({ controllerManager: flags });
    try {
      for (const node of roomyNodes(objects)) await cluster.api.apply(node);
      const metrics = await MetricsServer.start(cluster.api);
      const deployments = await Observer.start(cluster.api, deploymentKind, namespace);
      const autoscalers = await Observer.start(cluster.api, autoscalerKind, namespace);
      return new Scene(cluster, metrics, deployments, autoscalers);
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  async close(): Promise<void> {
    try {
      this.deployments.stop();
      this.autoscalers.stop();
    } finally {
      await this.metrics.stop();
      await this.cluster.stop();
    }
  }

  /** Brings a Deployment of a stack, with what its pods cannot be made without. */
  async bring(objects: StackObject[], name: string): Promise<KubernetesObject> {
    const deployment = objectOf(objects, "Deployment", name);
    const needed = ["Namespace", "ServiceAccount", "PriorityClass"];
    for (const { object } of objects)
      if (needed.includes(object.kind) && ["app", undefined].includes(object.metadata.namespace))
        await this.apply(object);
    await this.apply(deployment);
    return deployment;
  }

  async apply(object: KubernetesObject): Promise<void> {
    await this.cluster.api.apply(object);
  }

  async remove(reference: Reference): Promise<void> {
    await this.cluster.api.remove(reference);
  }

  /** Sets the replicas of a Deployment by hand, as `kubectl scale` does. */
  async scale(name: string, replicas: number): Promise<void> {
    const reference = { ...deploymentKind, metadata: { name, namespace } };
    await this.cluster.api.merge(reference, { spec: { replicas } }, "scale");
  }

  /** The replicas of a Deployment from now on: each value it has been given, beginning with the present one. */
  steps(name: string): () => number[] {
    const from = Math.max(0, this.deployments.history(name).length - 1);
    return () =>
      changes(
        this.deployments
          .history(name)
          .slice(from)
          .map(({ spec }) => spec.replicas),
      );
  }

  /** Waits until the Deployment is to have a number of pods, and as many, no more, are ready. */
  async pods(name: string, count: number): Promise<void> {
    await this.deployments.until(`${count} pods of ${name}`, name, ({ spec, status }) => {
      const { replicas = 0, readyReplicas = 0, updatedReplicas = 0 } = status ?? {};
      return [spec.replicas, replicas, readyReplicas, updatedReplicas].every((pods) => pods === count);
    });
    const labelSelector = `app.kubernetes.io/name=${name}`;
    const ready = (await this.cluster.api.list(podKind, namespace, { labelSelector })).filter(isReady).length;
    if (ready !== count) throw new Error(`the Deployment ${name} counts ${count} ready pods, and there are ${ready}`);
  }

  /** What an autoscaler decides once it has read what the metrics say. */
  async decision(autoscaler: string, readings: Readings): Promise<Decision> {
    const read = (state: KubernetesObject) => isDeepStrictEqual(readingsOf(state), readings);
    return decisionOf(await this.autoscalers.until(`a decision on ${JSON.stringify(readings)}`, autoscaler, read));
  }

  /** What an autoscaler decides, and why, when it first wants a number of pods. */
  async wanting(autoscaler: string, count: number): Promise<Decision> {
    const wants = (state: KubernetesObject) => decisionOf(state).pods === count;
    return decisionOf(await this.autoscalers.until(`${count} wanted`, autoscaler, wants));
  }

  /** Waits until an autoscaler says, for a reason, that it does not see its metrics, and has looked some times more. */
  async blind(autoscaler: string, reason: string): Promise<void> {
    const isBlind = (state: KubernetesObject) => reasonOf(state, "ScalingActive") === reason;
    await this.autoscalers.until(`${reason} of ${autoscaler}`, autoscaler, isBlind);
    const { refused } = this.metrics;
    await until("more looks", () => this.metrics.refused >= refused + 5 || undefined);
  }

  /** Waits until an autoscaler wants no more, or no fewer, pods than a number, because its range ends there. */
  async limited(autoscaler: string, reason: "TooManyReplicas" | "TooFewReplicas", count: number): Promise<void> {
    await this.autoscalers.until(`${reason} at ${count}`, autoscaler, (state) => {
      const { pods, limit } = decisionOf(state);
      return pods === count && limit === reason;
    });
  }
}

/** An object of the application's namespace in a stack. Throws where there is none. */
export function objectOf(objects: StackObject[], kind: string, name: string): KubernetesObject {
  const found = objects.find(({ object }) => object.kind === kind && object.metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name} in the stack`);
  return found.object;
}

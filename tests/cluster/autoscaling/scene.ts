import { isDeepStrictEqual } from "node:util";
import { conditionOf, type KubernetesObject, type StackObject } from "../../support/objects";
import type { Reference } from "../api/api";
import { type ControlPlane, startControlPlane } from "../control-plane/control-plane";
import { until } from "../control-plane/servers";
import { roomyNodes } from "../nodes";
import { deploymentKind, isReady, podKind } from "../rollout";
import { MetricsServer } from "./metrics-server";
import { changes, Observer } from "./observer";

/** Namespace of the scaled workloads. */
const namespace = "app";
export const autoscalerKind = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" };

/**
 * Syncs four times a second instead of every 15 seconds, and counts simulated pods from their start. The controller's
 * defaults give pods 30 seconds to become ready and five minutes for CPU initialization.
 */
const flags = [
  "--horizontal-pod-autoscaler-sync-period=250ms",
  "--horizontal-pod-autoscaler-initial-readiness-delay=0s",
  "--horizontal-pod-autoscaler-cpu-initialization-period=0s",
];

/** Decision of an autoscaler. */
export interface Decision {
  /** Desired number of pods. */
  pods: number;
  /** Reason of its `AbleToScale` condition. */
  able: string;
  /** Reason of its `ScalingLimited` condition. */
  limit: string;
}

/** Returns the reason of an autoscaler's condition; empty if it has none yet. */
const reasonOf = (autoscaler: KubernetesObject, type: string): string => conditionOf(autoscaler, type)?.reason ?? "";

const decisionOf = (autoscaler: KubernetesObject): Decision => ({
  pods: autoscaler.status.desiredReplicas,
  able: reasonOf(autoscaler, "AbleToScale"),
  limit: reasonOf(autoscaler, "ScalingLimited"),
});

/** Returns the metrics an autoscaler read last: percent by resource, or a queue's quantity per pod. */
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

/** A metric that could not be read has none of the three fields. */
function readingsOf({ status }: KubernetesObject): Readings {
  const readings: Readings = {};
  for (const { external, resource, containerResource } of (status?.currentMetrics ?? []) as MetricStatus[]) {
    const used = containerResource ?? resource;
    if (external) readings.queue = external.current.averageValue;
    if (used) readings[used.name] = used.current.averageUtilization;
  }
  return readings;
}

/** A control plane whose autoscalers read metrics that the test sets. */
export class Scene {
  private constructor(
    private readonly cluster: ControlPlane,
    readonly metrics: MetricsServer,
    readonly deployments: Observer,
    readonly autoscalers: Observer,
  ) {}

  /** Starts the control plane, with nodes for the requests of any stack. */
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

  /** Applies a Deployment of a stack, with the objects that its pods require. */
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

  /** Sets the replicas of a Deployment, like `kubectl scale`. */
  async scale(name: string, replicas: number): Promise<void> {
    const reference = { ...deploymentKind, metadata: { name, namespace } };
    await this.cluster.api.merge(reference, { spec: { replicas } }, "scale");
  }

  /** Returns a function that lists the replicas of a Deployment from now on, starting with the current value. */
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

  /** Waits until the Deployment has exactly the given number of pods, all ready. */
  async pods(name: string, count: number): Promise<void> {
    await this.deployments.until(`${count} pods of ${name}`, name, ({ spec, status }) => {
      const { replicas = 0, readyReplicas = 0, updatedReplicas = 0 } = status ?? {};
      return [spec.replicas, replicas, readyReplicas, updatedReplicas].every((pods) => pods === count);
    });
    const labelSelector = `app.kubernetes.io/name=${name}`;
    const ready = (await this.cluster.api.list(podKind, namespace, { labelSelector })).filter(isReady).length;
    if (ready !== count) throw new Error(`the Deployment ${name} reports ${count} ready pods, but ${ready} are ready`);
  }

  /** Returns an autoscaler's decision once it has read the metrics. */
  async decision(autoscaler: string, readings: Readings): Promise<Decision> {
    const read = (state: KubernetesObject) => isDeepStrictEqual(readingsOf(state), readings);
    return decisionOf(await this.autoscalers.until(`a decision on ${JSON.stringify(readings)}`, autoscaler, read));
  }

  /** Returns an autoscaler's decision when it first wants a number of pods. */
  async wanting(autoscaler: string, count: number): Promise<Decision> {
    const wants = (state: KubernetesObject) => decisionOf(state).pods === count;
    return decisionOf(await this.autoscalers.until(`${count} desired pods`, autoscaler, wants));
  }

  /** Waits until an autoscaler reports that it has no metrics, with the reason, and has synced a few more times. */
  async blind(autoscaler: string, reason: string): Promise<void> {
    const isBlind = (state: KubernetesObject) => reasonOf(state, "ScalingActive") === reason;
    await this.autoscalers.until(`${reason} of ${autoscaler}`, autoscaler, isBlind);
    const { refused } = this.metrics;
    await until("five more failed metrics requests", () => this.metrics.refused >= refused + 5 || undefined);
  }

  /** Waits until an autoscaler reaches its minimum or maximum number of pods. */
  async limited(autoscaler: string, reason: "TooManyReplicas" | "TooFewReplicas", count: number): Promise<void> {
    await this.autoscalers.until(`${reason} at ${count}`, autoscaler, (state) => {
      const { pods, limit } = decisionOf(state);
      return pods === count && limit === reason;
    });
  }
}

/** Returns an object in the stack's application namespace. Throws if it does not exist. */
export function objectOf(objects: StackObject[], kind: string, name: string): KubernetesObject {
  const found = objects.find(({ object }) => object.kind === kind && object.metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name} in the stack`);
  return found.object;
}

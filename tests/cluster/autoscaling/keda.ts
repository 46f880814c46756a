import type { KubernetesObject } from "../../support/objects";

/** Label by which KEDA's metrics server finds the ScaledObject that a metric belongs to. */
const ownerLabel = "scaledobject.keda.sh/name";

interface Trigger {
  type: string;
  metricType?: "AverageValue" | "Value";
  metadata: { listName: string; listLength?: string };
}

/** Name of a list's metric. Braces stay: only what would end a segment of an address, or begin an escape, goes. */
export function metricName(index: number, listName: string): string {
  return `s${index}-redis-${listName.replace(/[/.:%()]/g, "-")}`;
}

function metricOf(owner: string, { type, metricType = "AverageValue", metadata }: Trigger, index: number): object {
  if (!["redis", "redis-cluster"].includes(type)) throw new Error(`the metric of a ${type} trigger is not known here`);
  const { listName, listLength = "5" } = metadata;
  return {
    type: "External",
    external: {
      metric: { name: metricName(index, listName), selector: { matchLabels: { [ownerLabel]: owner } } },
      target: { type: metricType, [metricType === "Value" ? "value" : "averageValue"]: listLength },
    },
  };
}

/**
 * The HorizontalPodAutoscaler that KEDA makes of a ScaledObject on Redis lists, as the operator does it in KEDA 2.21.0:
 * `controllers/keda/hpa.go` (name, labels, range, behaviour, selector), `apis/keda/v1alpha1/scaledobject_types.go`
 * (defaults of the range), `pkg/scalers/redis_scaler.go`, `pkg/scalers/scaler.go` and `pkg/util/normalize_string.go`
 * (name and target of the metric). Two things are left out, for nothing that scales reads them: the owner reference and
 * the label of KEDA's own version.
 *
 * What the operator adds to the metric by itself (polling, cache, fallback) is no part of the autoscaler. Throws on
 * triggers and settings that change the autoscaler and that no stack has.
 */
export function autoscalerOf({ metadata, spec }: KubernetesObject): KubernetesObject {
  const { horizontalPodAutoscalerConfig = {}, ...advanced } = spec.advanced ?? {};
  if (Object.keys(advanced).length > 0) throw new Error(`not known here: advanced.${Object.keys(advanced)}`);
  const changing = Object.keys(metadata.annotations ?? {}).filter((key) => key.includes("keda.sh/"));
  if (changing.length > 0) throw new Error(`not known here: annotation ${changing}`);
  const name = horizontalPodAutoscalerConfig.name ?? `keda-hpa-${metadata.name}`;
  const { apiVersion = "apps/v1", kind = "Deployment" } = spec.scaleTargetRef;
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: {
      name,
      namespace: metadata.namespace,
      labels: {
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/part-of": metadata.name,
        "app.kubernetes.io/managed-by": "keda-operator",
        ...metadata.labels,
      },
      ...(metadata.annotations && { annotations: metadata.annotations }),
    },
    spec: {
      scaleTargetRef: { apiVersion, kind, name: spec.scaleTargetRef.name },
      // A ScaledObject may ask for none; the step from one to none is the operator's own.
      minReplicas: spec.minReplicaCount || 1,
      maxReplicas: spec.maxReplicaCount ?? 100,
      metrics: spec.triggers.map((trigger: Trigger, index: number) => metricOf(metadata.name, trigger, index)),
      ...(horizontalPodAutoscalerConfig.behavior && { behavior: horizontalPodAutoscalerConfig.behavior }),
    },
  };
}

import type { KubernetesObject } from "../../support/objects";

/** Label that maps a metric to its ScaledObject in KEDA's metrics server. */
const ownerLabel = "scaledobject.keda.sh/name";

interface Trigger {
  type: string;
  metricType?: "AverageValue" | "Value";
  metadata: { listName: string; listLength?: string };
}

/** Returns the metric name of a list. Replaces only characters that would end a URL path segment or start an escape. */
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
 * Returns the HorizontalPodAutoscaler that the operator of KEDA 2.21.0 creates for a ScaledObject on Redis lists:
 * `controllers/keda/hpa.go` (name, labels, range, behaviour, selector), `apis/keda/v1alpha1/scaledobject_types.go`
 * (defaults of the range), `pkg/scalers/redis_scaler.go`, `pkg/scalers/scaler.go` and `pkg/util/normalize_string.go`
 * (name and target of the metric). Two parts are omitted because they do not affect scaling: the owner
 * reference and the label with KEDA's own version.
 *
 * The operator's own handling of the metric (polling, cache, fallback) is not part of the autoscaler. Throws for
 * triggers and settings that change the autoscaler and that no stack uses.
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
      // A ScaledObject can scale to zero, but the operator does that step itself.
      minReplicas: spec.minReplicaCount || 1,
      maxReplicas: spec.maxReplicaCount ?? 100,
      metrics: spec.triggers.map((trigger: Trigger, index: number) => metricOf(metadata.name, trigger, index)),
      ...(horizontalPodAutoscalerConfig.behavior && { behavior: horizontalPodAutoscalerConfig.behavior }),
    },
  };
}

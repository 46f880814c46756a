import { Failure } from "../failure";
import type { World } from "../world";
import { ours } from "./kube";
import type { Autoscaler, ScaledObject } from "./objects";

/** An autoscaler's bounds, and where they are set. */
export interface Range {
  path: string;
  /** Field of its `spec`. */
  field: "minReplicas" | "minReplicaCount";
  deployment: string;
  least: number;
  most: number;
  /** Pods at the moment; undefined where only its own HorizontalPodAutoscaler says. */
  replicas: number | undefined;
  annotations: Record<string, string>;
}

const horizontal = (namespace: string) => `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`;
const keda = (namespace: string) => `/apis/keda.sh/v1alpha1/namespaces/${namespace}/scaledobjects`;

/** Annotations of an autoscaler whose minimum a command has raised: the stack's, the raised one, and when it is to end. */
export const raised = {
  from: "tierstack.dev/minimum-before",
  to: "tierstack.dev/minimum-raised",
  until: "tierstack.dev/minimum-until",
} as const;

/**
 * The stack's own minimum, where a command has raised it. Undefined where the minimum is the stack's: a `pulumi up` may have
 * set it since, and leaves the annotations.
 */
export function minimumBefore({ annotations, least }: Pick<Range, "annotations" | "least">): number | undefined {
  const { [raised.from]: from, [raised.to]: to } = annotations;
  return from !== undefined && Number(to) === least ? Number(from) : undefined;
}

/** A JSON patch that puts the stack's minimum back. It is refused where another minimum holds, or another end. */
export function endChanges(
  { field }: Pick<Range, "field">,
  { untilMs, pods, before }: { untilMs: number; pods: number; before: number },
) {
  const annotation = (name: string) => `/metadata/annotations/${name.replace("/", "~1")}`;
  return [
    { op: "test", path: annotation(raised.until), value: new Date(untilMs).toISOString() },
    { op: "test", path: `/spec/${field}`, value: pods },
    { op: "replace", path: `/spec/${field}`, value: before },
    ...Object.values(raised).map((name) => ({ op: "remove", path: annotation(name) })),
  ];
}

/** Returns the stack's autoscalers: its own, and those of KEDA where it has any. */
export async function rangesOf({ kube, namespaces }: World): Promise<Range[]> {
  const { app } = namespaces;
  const own = (await kube.list<Autoscaler>(horizontal(app), ours)).map(
    ({ metadata, spec, status }): Range => ({
      path: `${horizontal(app)}/${metadata.name}`,
      field: "minReplicas",
      deployment: spec.scaleTargetRef.name,
      least: spec.minReplicas ?? 1,
      most: spec.maxReplicas,
      replicas: status?.currentReplicas,
      annotations: metadata.annotations ?? {},
    }),
  );
  // The path itself is unknown where KEDA is not installed.
  const found = (await kube.find<{ items: ScaledObject[] }>(keda(app)))?.items ?? [];
  const scaled = found.map(
    ({ metadata, spec }): Range => ({
      path: `${keda(app)}/${metadata.name}`,
      field: "minReplicaCount",
      deployment: spec.scaleTargetRef.name,
      least: spec.minReplicaCount ?? 0,
      most: spec.maxReplicaCount ?? 100,
      replicas: undefined,
      annotations: metadata.annotations ?? {},
    }),
  );
  // KEDA's own HorizontalPodAutoscalers have the labels of what they come from.
  return [...own.filter(({ deployment }) => !scaled.some((one) => one.deployment === deployment)), ...scaled];
}

/** The autoscaler of a Deployment. @throws Failure where it has none */
export async function rangeOf(world: World, deployment: string): Promise<Range> {
  const found = (await rangesOf(world)).find((one) => one.deployment === deployment);
  if (found) return found;
  throw new Failure({
    where: deployment,
    given: "no autoscaler",
    allowed: "a Deployment with one",
    fix: "set its sizes in the stack's file and run pulumi up",
  });
}

import type { KubernetesObject } from "./objects";

/** A pod as its controller would ask the API server for it. */
export interface PodTemplate {
  metadata: {
    /** Of a Pod; a controller's pods have `generateName` instead. */
    name?: string;
    generateName?: string;
    namespace: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: a test reads into specs of any form
  spec: any;
}

/** Kinds whose template stands at `spec.template`. */
const controllers = ["DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet"];

// biome-ignore lint/suspicious/noExplicitAny: metadata and spec of any kind
function templateIn({ kind, spec, metadata }: KubernetesObject): { metadata?: any; spec: any } | undefined {
  if (kind === "Pod") return { metadata, spec };
  if (kind === "CronJob") return spec.jobTemplate.spec.template;
  return controllers.includes(kind) ? spec.template : undefined;
}

/**
 * The pods that an object asks for: one template, or none for an object of another kind. What the server sets (uid,
 * status, defaults of the metadata) is left out, so that the answer may be sent to an API server.
 */
export function podTemplatesOf(object: KubernetesObject): PodTemplate[] {
  const template = templateIn(object);
  if (!template) return [];
  const { name, namespace = "default" } = object.metadata;
  const { labels, annotations } = template.metadata ?? {};
  return [
    {
      metadata: {
        ...(object.kind === "Pod" ? { name } : { generateName: `${name}-` }),
        namespace,
        ...(labels && { labels }),
        ...(annotations && { annotations }),
      },
      spec: template.spec,
    },
  ];
}

import { identityOf, type KubernetesObject } from "../support/objects";
import { type PodTemplate, podTemplatesOf } from "../support/pod-templates";
import type { Api } from "./api/api";
import { ApiError } from "./api/errors";

const namespaceKind = { apiVersion: "v1", kind: "Namespace" };
const enforce = "pod-security.kubernetes.io/enforce";

/** Whether admission added a service account token to the pod. */
const hasToken = ({ spec }: KubernetesObject): boolean =>
  spec.volumes?.some(({ projected }: { projected?: { sources: object[] } }) =>
    projected?.sources.some((source) => "serviceAccountToken" in source),
  );

async function podProblems(api: Api, { metadata, spec }: PodTemplate): Promise<string[]> {
  // A dry run needs a name, because it is validated before generateName is resolved.
  const { generateName, ...rest } = metadata;
  const name = rest.name ?? `${generateName}trial`;
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { ...rest, name }, spec } as KubernetesObject;
  try {
    const { body, warnings } = await api.create(pod, { dryRun: true });
    return hasToken(body) ? [...warnings, "mounts a token of its service account"] : warnings;
  } catch (error) {
    if (error instanceof ApiError) return [error.message];
    throw error;
  }
}

/**
 * Returns the API server's rejections and warnings for the pods of the objects, and violations of the `restricted`
 * standard, one per line. The namespaces must exist.
 */
export async function admissionProblems(api: Api, objects: KubernetesObject[]): Promise<string[]> {
  const problems: string[] = [];
  for (const object of objects) {
    for (const template of podTemplatesOf(object)) {
      const { namespace } = template.metadata;
      for (const said of await podProblems(api, template)) problems.push(`a pod of ${identityOf(object)}: ${said}`);
      const given = objects.find(({ kind, metadata }) => kind === "Namespace" && metadata.name === namespace);
      const { metadata } = given ?? (await api.find({ ...namespaceKind, metadata: { name: namespace } })) ?? {};
      const level = metadata?.labels?.[enforce];
      if (level !== "restricted") problems.push(`Namespace/${namespace}: ${enforce} is ${level}, not restricted`);
    }
  }
  return problems;
}

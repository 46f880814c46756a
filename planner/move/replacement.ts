/** What replaces a resource, by tables with sources (`planner/catalogues`), and in which order. */
import aws from "../catalogues/aws-replacement.json";
import kubernetes from "../catalogues/kubernetes-immutable.json";
import others from "../catalogues/other-replacement.json";
import type { PlannedResource } from "../record/planned";
import { isMapping } from "../record/values";
import { type Difference, overlaps } from "./properties";

const replacing: Record<string, string[] | undefined> = Object.fromEntries([
  ...Object.entries(aws.types).map(([type, { replaceOnChange }]) => [type, replaceOnChange]),
  ...Object.entries(kubernetes.types),
]);

const byPackage: Record<string, { allBut?: string[]; only?: string[] } | undefined> = others.packages;

const kubernetesProvider = "pulumi:providers:kubernetes";

/**
 * Returns the properties of a type whose change replaces the resource: the table's, and for types whose package has a
 * rule instead, those of the given inputs that the rule names.
 */
export function replacingProperties(type: string, inputs: string[] = []): string[] {
  // pulumi-kubernetes, provider/pkg/provider/provider.go, DiffConfig: another cluster replaces the provider.
  if (type === kubernetesProvider) return ["clusterIdentifier"];
  const rule = byPackage[type.split(":")[0] as string];
  if (rule) return rule.only ?? inputs.filter((input) => !rule.allBut?.includes(input));
  // A patch is of one object; every other field of it changes in place (the same file, Diff).
  if (type.startsWith("kubernetes:") && type.endsWith("Patch")) return ["metadata.name", "metadata.namespace"];
  const identity = type.startsWith("kubernetes:") ? ["metadata.name", "metadata.namespace"] : [];
  return [...identity, ...(replacing[type] ?? [])];
}

/** Which of these differences replace a resource. */
export function forcing(type: string, found: Difference[]): Set<Difference> {
  const paths = replacingProperties(type, [...new Set(found.flatMap(({ names }) => names[0] ?? []))]);
  const split = paths.map((path) => path.split("."));
  return new Set(found.filter(({ names }) => split.some((path) => overlaps(names, path))));
}

const metadataOf = ({ metadata }: Record<string, unknown>) => (isMapping(metadata) ? metadata : {});

/**
 * Whether the engine deletes a resource before it creates its replacement: the program asks for it, or two Kubernetes
 * objects would have one name (pulumi-kubernetes, provider/pkg/provider/provider.go, Diff: named by the program, and
 * neither name nor namespace changes). Other resources are created first.
 */
export function deletedFirst(before: PlannedResource, after: PlannedResource, fromProvider: boolean): boolean {
  if (after.options.deleteBeforeReplace) return true;
  if (!after.type.startsWith("kubernetes:") || fromProvider) return false;
  const [old, next] = [metadataOf(before.inputs), metadataOf(after.inputs)];
  return next.name !== undefined && next.name === old.name && next.namespace === old.namespace;
}

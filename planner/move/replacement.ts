/** What replaces a resource, by tables with sources (`planner/catalogues`), and in which order. */
import aws from "../catalogues/aws-replacement.json";
import kubernetes from "../catalogues/kubernetes-immutable.json";
import others from "../catalogues/other-replacement.json";
import type { PlannedResource } from "../record/planned";
import { isMapping } from "../record/values";
import { replacingByValue } from "./conditions";
import { type Difference, overlaps } from "./properties";
import type { Inputs } from "./refused-updates";

const byType: Record<string, { replaceOnChange: string[] } | undefined> = aws.types;

/** A row of the table of Kubernetes types. */
interface ObjectRule {
  replaces: string[];
  refuses?: string[];
  immutable?: string[];
}

const objectRules: Record<string, ObjectRule | undefined> = kubernetes.types;

const byPackage: Record<string, { allBut?: string[]; only?: string[] } | undefined> = others.packages;

const kubernetesProvider = "pulumi:providers:kubernetes";
const isObject = (type: string) => type.startsWith("kubernetes:");
const release = "kubernetes:helm.sh/v3:Release";
const identity = ["metadata.name", "metadata.namespace"];

/** An update whose effect is asked for. */
export interface Update {
  type: string;
  before: Inputs;
  after: Inputs;
  /** Inputs of the resource's provider after it; undefined for the default one, which has none. */
  provider?: Inputs | undefined;
  /** The option of that name. @default none */
  replaceOnChanges?: string[] | undefined;
}

/** What makes objects of a kind mutable for the provider; others it replaces. */
const mutableBy: Record<string, string | undefined> = {
  "kubernetes:core/v1:ConfigMap": "enableConfigMapMutable",
  "kubernetes:core/v1:Secret": "enableSecretMutable",
};

/** The properties of a Kubernetes object that replace it (the table's sources). */
function replacingOfObject({ type, after, provider }: Update): string[] {
  // A patch is of one object; every other field of it changes in place (provider.go, Diff).
  if (type.endsWith("Patch")) return identity;
  const { replaces = [], immutable = [] } = objectRules[type] ?? {};
  // The configuration of a provider is text.
  const isMutable = String(provider?.[mutableBy[type] ?? ""]) === "true" && after.immutable !== true;
  return [...(type === release ? [] : identity), ...replaces, ...(isMutable ? [] : immutable)];
}

/** A path as Pulumi writes it, such as `rules[*].port`, by the names in it alone. */
const namesIn = (path: string) => path.replace(/\[[^\]]*\]/g, "");

/**
 * Returns the properties whose change replaces the resource: those of its provider, and those that the program adds
 * (step_generator.go, applyReplaceOnChanges).
 */
export function replacingProperties(update: Update): string[] {
  const { before, after, replaceOnChanges = [] } = update;
  const added = replaceOnChanges.includes("*") ? Object.keys({ ...before, ...after }) : replaceOnChanges.map(namesIn);
  return [...replacingByProvider(update), ...added];
}

/**
 * Returns the properties whose change makes the provider replace the resource: the table's, those whose values make it do
 * so, and for types whose package has a rule instead, those of the inputs that the rule names.
 */
function replacingByProvider(update: Update): string[] {
  const { type, before, after } = update;
  // pulumi-kubernetes, provider/pkg/provider/provider.go, DiffConfig: another cluster replaces the provider.
  if (type === kubernetesProvider) return ["clusterIdentifier"];
  const rule = byPackage[type.split(":")[0] as string];
  const inputs = Object.keys({ ...before, ...after });
  if (rule) return rule.only ?? inputs.filter((input) => !rule.allBut?.includes(input));
  if (isObject(type)) return replacingOfObject(update);
  return [...(byType[type]?.replaceOnChange ?? []), ...replacingByValue(type, before, after)];
}

const under = (found: Difference[], paths: string[]): Difference[] => {
  const split = paths.map((path) => path.split("."));
  return found.filter(({ names }) => split.some((path) => overlaps(names, path)));
};

/** Which of these differences replace a resource. */
export const forcing = (update: Update, found: Difference[]): Set<Difference> =>
  // Most resources of a move have none.
  new Set(found.length === 0 ? [] : under(found, replacingProperties(update)));

const claim = "kubernetes:core/v1:PersistentVolumeClaim";
const gibibytes = (value: unknown): number => Number(/^(\d+)Gi$/.exec(String(value))?.[1]);

/**
 * Why a claim cannot have another size. No cluster shrinks one (ValidatePersistentVolumeClaimUpdate: not less than
 * status.capacity); it grows where its StorageClass says `allowVolumeExpansion`
 * (https://github.com/kubernetes/kubernetes/blob/master/plugin/pkg/admission/storage/persistentvolume/resize/admission.go).
 */
function refusedSize(type: string, found: Difference[], fixedVolumes: boolean): string | undefined {
  if (type !== claim) return undefined;
  const size = found.find(({ property }) => property === "spec.resources.requests.storage");
  if (!size) return undefined;
  const [before, after] = [gibibytes(size.before), gibibytes(size.after)];
  const change = `${size.property} ${size.before} -> ${size.after}`;
  if (after < before) return `${change}: Kubernetes cannot shrink a volume; keep ${size.before} or more`;
  if (after > before && fixedVolumes)
    return `${change}: k3s resizes no volume of local-path, and bounds none; keep ${size.before} (docs/moving.md#volumes)`;
  return undefined;
}

/**
 * Whether the volumes of a cluster keep the size that they were created with. Those of k3s do: its only class is local-path
 * (https://github.com/k3s-io/k3s/blob/master/manifests/local-storage.yaml). Of an existing cluster nobody knows.
 */
export const hasFixedVolumes = (resources: PlannedResource[]): boolean =>
  resources.some(({ type }) => type.endsWith(":cluster:K3s"));

/**
 * Returns why the API server of a cluster refuses an update that replaces nothing; undefined if it does not.
 * @param fixedVolumes  whether the cluster resizes no volumes
 */
export function refusedByServer(type: string, found: Difference[], fixedVolumes: boolean): string | undefined {
  const [refused] = under(found, objectRules[type]?.refuses ?? []);
  if (!refused) return refusedSize(type, found, fixedVolumes);
  return (
    `${refused.property} is immutable, and the provider does not replace the object for it; give the object another ` +
    "name, or remove it in a deployment of its own first"
  );
}

const metadataOf = ({ metadata }: Record<string, unknown>) => (isMapping(metadata) ? metadata : {});

/**
 * Whether the engine deletes a resource before it creates its replacement: the program asks for it, or two Kubernetes
 * objects would have one name (pulumi-kubernetes, provider/pkg/provider/provider.go, Diff: named by the program, and
 * neither name nor namespace changes). Other resources are created first.
 */
export function deletedFirst(before: PlannedResource, after: PlannedResource, fromProvider: boolean): boolean {
  if (after.options.deleteBeforeReplace) return true;
  if (!isObject(after.type) || fromProvider) return false;
  const [old, next] = [metadataOf(before.inputs), metadataOf(after.inputs)];
  return next.name !== undefined && next.name === old.name && next.namespace === old.namespace;
}

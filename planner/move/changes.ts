import { isDeepStrictEqual } from "node:util";
import { interruptionBy } from "../../platform/downtime";
import type { Keep } from "../../tiers";
import aws from "../catalogues/aws-replacement.json";
import kubernetes from "../catalogues/kubernetes-immutable.json";
import { knownPackages } from "../packages";
import type { PlannedResource } from "../record/planned";
import { isMapping } from "../record/values";
import { type Inputs, noteOn, plannedHandles, refusedByUse, refusedUpdate } from "./refusals";
import { refusedByStack } from "./stack-refusals";

/**
 * What a move does to a resource. `retained`: the resource leaves the program and stays in the cloud. `refused`: the
 * engine rejects the whole move, because the resource is protected, or AWS rejects the change for a `reason`.
 */
export type Action = "create" | "update" | "replace" | "delete" | "retained" | "refused";

export interface Change {
  path: string;
  type: string;
  action: Action;
  /** Whether the resource holds data. */
  data: boolean;
  /** Changed properties of an update, or the properties that force a replacement. */
  properties: string[];
  /** Why AWS refuses the change. */
  reason?: string;
  /** Who refuses it for this reason: AWS the change, or the planner, because the stack would not work after it. */
  refusedBy?: "AWS" | "tierstack";
  /** The setting that keeps a protected resource which the move would delete, such as `keep.nodeState`. */
  keep?: string;
  /** What the user must know or check before the change. */
  note?: string;
  /** How the change interrupts the product, although it is an update in place. */
  downtime?: string;
}

/** A move between two stacks, or between two versions of one. */
export interface Move {
  from: string;
  to: string;
  changes: Change[];
}

/** Types that hold data. */
const dataTypes = new Set([
  "aws:ebs/volume:Volume",
  "aws:rds/instance:Instance",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:s3/bucket:Bucket",
  "kubernetes:core/v1:PersistentVolumeClaim",
  "kubernetes:apps/v1:StatefulSet",
]);

export const isDataType = (type: string): boolean => dataTypes.has(type);

/** Whether a resource holds data: its type does, or the program protects it. */
export function holdsData(resource: PlannedResource): boolean {
  return isDataType(resource.type) || resource.options.protect;
}

const replacing: Record<string, string[] | undefined> = Object.fromEntries([
  ...Object.entries(aws.types).map(([type, { replaceOnChange }]) => [type, replaceOnChange]),
  ...Object.entries(kubernetes.types),
]);

/** Returns the properties of a type whose change replaces the resource. */
export function replacingProperties(type: string): string[] {
  const identity = type.startsWith("kubernetes:") ? ["metadata.name", "metadata.namespace"] : [];
  // The random provider draws a new value for new keepers.
  const redrawing = type.startsWith("random:") ? ["keepers"] : [];
  return [...identity, ...redrawing, ...(replacing[type] ?? [])];
}

/** Returns the value at a path. For a list, returns the values of every item. */
export function valuesAt(value: unknown, path: string[]): unknown {
  if (path.length === 0 || value === null || typeof value !== "object") return path.length === 0 ? value : undefined;
  if (Array.isArray(value)) return value.map((item) => valuesAt(item, path));
  return valuesAt((value as Record<string, unknown>)[path[0] as string], path.slice(1));
}

function changedInputs(before: Inputs, after: Inputs): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name])).sort();
}

function changeOf(before: PlannedResource, after: PlannedResource): Change | undefined {
  const inputs = updated(before, after);
  const forcing = replacingProperties(before.type).filter((property) => {
    const path = property.split(".");
    return !isDeepStrictEqual(valuesAt(before.inputs, path), valuesAt(inputs, path));
  });
  // A resource that moves to another provider is replaced: for Kubernetes, another provider is another cluster.
  if (before.provider !== after.provider) forcing.push("provider");
  const identity = { path: after.path, type: after.type, data: holdsData(before) };
  if (forcing.length > 0) {
    // A program may lift the protection and replace the resource in one go.
    const action = before.options.protect && after.options.protect ? "refused" : "replace";
    const reason = refusedByStack(after, knownInputs(before), inputs);
    if (reason) return { ...identity, action: "refused", properties: forcing, reason, refusedBy: "tierstack" };
    return { ...identity, action, properties: forcing };
  }
  const properties = changedInputs(before.inputs, inputs);
  if (properties.length === 0) return undefined;
  const known = knownInputs(before);
  const byAws = refusedUpdate(after.type, known, inputs);
  const reason = byAws ?? refusedByStack(after, known, inputs);
  if (reason) return { ...identity, action: "refused", properties, reason, refusedBy: byAws ? "AWS" : "tierstack" };
  const note = noteOn(after.type, known, inputs) ?? unjudged(after.type);
  const interruption = interruptionBy(after.type, properties, known, inputs);
  const downtime = interruption && `${interruption.effect}: ${interruption.lasts}`;
  return { ...identity, action: "update", properties, ...(note && { note }), ...(downtime && { downtime }) };
}

/** What the user must know of an update by a provider without a table. */
const unjudged = (type: string) =>
  knownPackages.includes(type.split(":")[0] as string)
    ? undefined
    : "the planner has no table of replacements for this provider; see what pulumi preview says";

/** Returns the inputs with another value at a path, or with none. A path that leads nowhere changes nothing. */
function withValue(inputs: Inputs, [name = "", ...rest]: string[], value: unknown): Inputs {
  if (rest.length > 0) {
    const inner = inputs[name];
    return isMapping(inner) ? { ...inputs, [name]: withValue(inner, rest, value) } : inputs;
  }
  const { [name]: _, ...others } = inputs;
  return value === undefined ? others : { ...others, [name]: value };
}

/** Returns the inputs with the values of ignored paths, such as `spec.podManagementPolicy`, from elsewhere. */
export function withIgnored(inputs: Inputs, ignored: string[], valueAt: (path: string[]) => unknown): Inputs {
  const paths = ignored.map((path) => path.split("."));
  return paths.reduce((current, path) => withValue(current, path, valueAt(path)), inputs);
}

/** Inputs that the resource has for sure. Of an ignored property, only the account knows the value. */
const knownInputs = ({ inputs, options }: PlannedResource): Inputs =>
  withIgnored(inputs, options.ignoreChanges, () => undefined);

/** Inputs after an update: ignored properties keep their value. */
const updated = (before: PlannedResource, after: PlannedResource): Inputs =>
  withIgnored(after.inputs, after.options.ignoreChanges, (path) => valuesAt(before.inputs, path));

/** The setting that keeps what a move would delete, by the type of the resource or of its component. */
const keeps: Record<string, `keep.${keyof Keep}` | undefined> = {
  "tierstack:cluster:K3sState": "keep.nodeState",
  "aws:rds/instance:Instance": "keep.managedStores",
  "aws:elasticache/replicationGroup:ReplicationGroup": "keep.managedStores",
};

function removalOf(resource: PlannedResource, from: PlannedResource[]): Change {
  const { path, type, parent } = resource;
  const { protect, retainOnDelete } = resource.options;
  const action = protect ? "refused" : retainOnDelete ? "retained" : "delete";
  const component = from.find((other) => other.path === parent);
  const keep = protect ? (keeps[type] ?? keeps[component?.type ?? ""]) : undefined;
  return { path, type, action, data: holdsData(resource), properties: [], ...(keep && { keep }) };
}

/** The settings that keep what a move would delete, each with the paths of the resources. */
export function keptBy(changes: Change[]): { keep: string; paths: string[] }[] {
  const settings = [...new Set(changes.flatMap(({ keep }) => keep ?? []))];
  return settings.map((keep) => ({ keep, paths: changes.filter((one) => one.keep === keep).map(({ path }) => path) }));
}

/** Turns deletions into refusals where a retained resource still uses the deleted one. */
function withUses(changes: Change[], from: PlannedResource[]): Change[] {
  const byPath = new Map(from.map((resource) => [resource.path, resource]));
  const retained = changes.filter(({ action }) => action === "retained").map(({ path }) => byPath.get(path));
  return changes.map((change) => {
    const resource = byPath.get(change.path);
    if (change.action !== "delete" || !resource) return change;
    const handles = plannedHandles(resource);
    const user = retained.find((other) => other && refusedByUse(resource.type, handles, other));
    return user
      ? { ...change, action: "refused", reason: `${user.path}, which stays in the account, uses it`, refusedBy: "AWS" }
      : change;
  });
}

/**
 * Returns what the engine would do to every custom resource, sorted by path. Replacements follow the measured table of
 * AWS and the immutable fields of Kubernetes.
 */
export function changesBetween(from: PlannedResource[], to: PlannedResource[]): Change[] {
  const after = byUrn(to);
  const before = byUrn(from);
  const changes: Change[] = [];
  for (const [id, resource] of before) {
    const next = after.get(id);
    const change = next ? changeOf(resource, next) : removalOf(resource, from);
    if (change) changes.push(change);
  }
  for (const [id, resource] of after)
    if (!before.has(id))
      changes.push({
        path: resource.path,
        type: resource.type,
        action: "create",
        data: holdsData(resource),
        properties: [],
      });
  return withUses(changes, from).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Returns the end of a URN: types of the ancestors, own type and name. */
function urnEndsOf(resources: PlannedResource[]): (resource: PlannedResource) => string {
  const byPath = new Map(resources.map((resource) => [resource.path, resource]));
  const chain = ({ parent, type }: PlannedResource): string[] => {
    const above = parent === null ? undefined : byPath.get(parent);
    return [...(above ? chain(above) : []), type];
  };
  return (resource) => `${chain(resource).join("$")}::${resource.name}`;
}

/** Returns the custom resources, keyed by the ends of their URNs. */
function byUrn(resources: PlannedResource[]): Map<string, PlannedResource> {
  const urnEnd = urnEndsOf(resources);
  return new Map(resources.filter(({ custom }) => custom).map((resource) => [urnEnd(resource), resource]));
}

/** Returns the ends of the URNs of resources, by path and type. */
export function urnEnds(resources: PlannedResource[]): Map<string, string> {
  const urnEnd = urnEndsOf(resources);
  return new Map(resources.map((resource) => [`${resource.path} ${resource.type}`, urnEnd(resource)]));
}

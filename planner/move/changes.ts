import { interruptionBy, lastsText } from "../../platform/downtime";
import type { Keep } from "../../tiers";
import online from "../catalogues/online-changes.json";
import { knownPackages } from "../packages";
import type { PlannedResource } from "../record/planned";
import { CarriedValues, renamedValues, renewedValues, replaceValues, withUnknown } from "./carried";
import { type Change, type Effect, ownProperty } from "./change";
import { type Pair, paired } from "./identity";
import { type Difference, differences, valuesAt, withIgnored } from "./properties";
import { plannedHandles, refusedByUse } from "./refused-deletes";
import { type Inputs, noteOn, refusedUpdate } from "./refused-updates";
import { deletedFirst, forcing, refusedByServer } from "./replacement";
import { refusedByStack } from "./stack-refusals";

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

/** What the user must know of an update by a provider without a table. */
const unjudged = (type: string) =>
  knownPackages.includes(type.split(":")[0] as string)
    ? undefined
    : "the planner has no table of replacements for this provider; see what pulumi preview says";

/** Inputs that the resource has for sure. Of an ignored property, only the account knows the value. */
const knownInputs = ({ inputs, options }: PlannedResource): Inputs =>
  withIgnored(inputs, options.ignoreChanges, () => undefined);

const onlineTypes: Record<string, { properties: string[] } | undefined> = online.types;

function effectOf(type: string, changed: string[], interrupts: boolean): Effect {
  if (interrupts) return "downtime";
  const properties = onlineTypes[type]?.properties ?? [];
  return changed.some((property) => properties.includes(property)) ? "online" : "in place";
}

/** A replaced resource, as those that depend on it see it. */
interface Replaced {
  path: string;
  /** Values that its replacement has anew. */
  renewed: CarriedValues;
  /** Values that stay, and stand for a resource that is gone for a while. Undefined for one that is not deleted first. */
  passed: CarriedValues | undefined;
}

/** Follows a move through the graph, so that each resource is judged after those that it depends on. */
class Walk {
  private readonly pairs = new Map<string, Pair>();
  private readonly judged = new Map<string, Change | undefined>();
  private readonly replaced = new Map<string, Replaced>();
  /** New paths by old ones, of the resources that stay. */
  private readonly moved = new Map<string, string>();
  private readonly renamed: Map<string, string>;
  readonly changes: Change[] = [];

  constructor(
    private readonly from: PlannedResource[],
    to: PlannedResource[],
  ) {
    const pairs = paired(from, to);
    for (const pair of pairs) if (pair.after) this.pairs.set(pair.after.path, pair);
    for (const { before, after } of pairs) if (before && after) this.moved.set(before.path, after.path);
    this.renamed = renamedValues(pairs);
    const byPath = new Map(from.map((resource) => [resource.path, resource]));
    for (const { before, after } of pairs) {
      const change = after ? this.judge(after.path) : before && removalOf(before, byPath);
      if (change) this.changes.push(change);
    }
  }

  private judge(path: string): Change | undefined {
    const pair = this.pairs.get(path);
    if (!pair?.after || this.judged.has(path)) return this.judged.get(path);
    this.judged.set(path, undefined);
    for (const dependency of [...pair.after.dependsOn, pair.after.provider ?? ""]) this.judge(dependency);
    const change = pair.before ? this.changeOf(pair.before, pair.after) : createdOf(pair.after);
    this.judged.set(path, change);
    return change;
  }

  private changeOf(before: PlannedResource, after: PlannedResource): Change | undefined {
    const current = this.renamed.size > 0 ? (replaceValues(before.inputs, this.renamed) as Inputs) : before.inputs;
    const known = (inputs: Inputs) => withIgnored(inputs, after.options.ignoreChanges, (at) => valuesAt(current, at));
    const own = differences(current, known(after.inputs));
    const carriers = after.dependsOn.flatMap((path) => this.replaced.get(path) ?? []);
    const renewed = withUnknown(
      after.inputs,
      carriers.map((one) => one.renewed),
    ) as Inputs;
    const strict = withUnknown(
      renewed,
      carriers.flatMap((one) => one.passed ?? []),
    ) as Inputs;
    // Most inputs have nothing of what their carriers renew: what is the same object is compared once.
    const carried = renewed === after.inputs ? own : differences(current, known(renewed));
    const passed = strict === renewed ? carried : differences(current, known(strict));
    const provider = this.pairs.get(after.provider ?? "")?.after?.inputs;
    const { replaceOnChanges } = after.options;
    const update = { type: after.type, before: current, after: after.inputs, provider, replaceOnChanges };
    const forcingPassed = forcing(update, passed);
    const found = forcingPassed.size > 0 ? passed : carried;
    const carrier = (difference: Difference | undefined) =>
      difference && this.carrierOf(difference, own, carriers, after.inputs);
    const fromProvider = this.providerReplaces(before, after);
    if (fromProvider || forcingPassed.size > 0) {
      const cause = fromProvider ? "provider" : (carrier([...forcingPassed][0]) ?? ownProperty);
      return this.replacementOf(before, after, { found, forced: forcingPassed, cause });
    }
    if (found.length === 0) return undefined;
    const cause = found.map(carrier).find((path) => path !== undefined && own.length === 0) ?? ownProperty;
    return updateOf(before, after, known(renewed), found, cause);
  }

  /** The replaced resource that a difference comes from; undefined for one of the resource's own. */
  private carrierOf({ property }: Difference, own: Difference[], carriers: Replaced[], inputs: Inputs) {
    if (own.some((one) => one.property === property)) return undefined;
    const [top = ""] = property.split(/[.[]/);
    const made = carriers.find(
      ({ renewed, passed }) => withUnknown(inputs[top], passed ? [renewed, passed] : [renewed]) !== inputs[top],
    );
    return made?.path;
  }

  /**
   * Whether a resource is replaced with its provider: the provider is replaced, or it is another one. Another Kubernetes
   * provider for the same `clusterIdentifier` replaces nothing (step_generator.go, providerChanged).
   */
  private providerReplaces(before: PlannedResource, after: PlannedResource): boolean {
    if (!before.provider && !after.provider) return false;
    if (after.provider !== null && this.replaced.has(after.provider)) return true;
    // One of the same path may be another resource: that of another cluster, in another component.
    if (before.provider !== null && this.moved.get(before.provider) === after.provider) return false;
    const old = this.from.find(({ path }) => path === before.provider)?.inputs.clusterIdentifier;
    const next = this.pairs.get(after.provider ?? "")?.after?.inputs.clusterIdentifier;
    return old === undefined || old !== next;
  }

  private replacementOf(
    before: PlannedResource,
    after: PlannedResource,
    { found, forced, cause }: { found: Difference[]; forced: Set<Difference>; cause: string },
  ): Change {
    const first = deletedFirst(before, after, cause === "provider");
    const passed = first ? new CarriedValues(passedOn(after)) : undefined;
    const renewed = new CarriedValues(renewedValues(after));
    this.replaced.set(after.path, { path: after.path, renewed, passed });
    // The program may lift the protection in the same step (step_generator.go, continueStepsFromDiff).
    const isProtected = before.options.protect && after.options.protect;
    const reason = refusedByStack(after, knownInputs(before), after.inputs);
    return {
      path: after.path,
      type: after.type,
      action: isProtected || reason !== undefined ? "refused" : "replace",
      data: holdsData(before),
      properties: shown(found, forced),
      effect: "replacement",
      cause,
      ...(first && { deletedFirst: true as const }),
      ...(reason !== undefined && { reason, refusedBy: "tierstack" as const }),
    };
  }
}

const shown = (found: Difference[], forced: Set<Difference>) =>
  found.map((difference) => {
    const { names: _, ...property } = difference;
    return { ...property, replaces: forced.has(difference) };
  });

/** The name that dependents of an object have from it. */
function passedOn({ inputs }: PlannedResource): Set<string> {
  const { name } = (inputs.metadata ?? {}) as { name?: unknown };
  return new Set(typeof name === "string" ? [name] : []);
}

function updateOf(before: PlannedResource, after: PlannedResource, next: Inputs, found: Difference[], cause: string) {
  const { path, type } = after;
  const common = { path, type, data: holdsData(before), properties: shown(found, new Set()), cause };
  const certain = knownInputs(before);
  const byAws = refusedUpdate(type, certain, next);
  const byServer = refusedByServer(type, found);
  const reason = byAws ?? byServer ?? refusedByStack(after, certain, next);
  const changed = [...new Set(found.flatMap(({ names }) => names[0] ?? []))];
  if (reason)
    return {
      ...common,
      action: "refused",
      effect: "none",
      reason,
      refusedBy: byAws ? "AWS" : byServer ? "Kubernetes" : "tierstack",
    } satisfies Change;
  const note = noteOn(type, certain, next) ?? unjudged(type);
  const interruption = interruptionBy(type, changed, certain, next);
  return {
    ...common,
    action: "update",
    effect: effectOf(type, changed, interruption !== undefined),
    ...(note && { note }),
    ...(interruption && { downtime: `${interruption.effect}: ${lastsText(interruption)}` }),
  } satisfies Change;
}

const createdOf = (resource: PlannedResource): Change => ({
  path: resource.path,
  type: resource.type,
  action: "create",
  data: holdsData(resource),
  properties: [],
  effect: "none",
});

/** The setting that keeps what a move would delete, by the type of the resource or of its component. */
const keeps: Record<string, `keep.${keyof Keep}` | undefined> = {
  "tierstack:cluster:K3sState": "keep.nodeState",
  "aws:rds/instance:Instance": "keep.managedStores",
  "aws:elasticache/replicationGroup:ReplicationGroup": "keep.managedStores",
};

function removalOf(resource: PlannedResource, from: Map<string, PlannedResource>): Change {
  const { path, type, parent } = resource;
  const { protect, retainOnDelete } = resource.options;
  const action = protect ? "refused" : retainOnDelete ? "retained" : "delete";
  const keep = protect ? (keeps[type] ?? keeps[from.get(parent ?? "")?.type ?? ""]) : undefined;
  return { path, type, action, data: holdsData(resource), properties: [], effect: "none", ...(keep && { keep }) };
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

/** Returns what the engine would do to every custom resource, sorted by path. */
export function changesBetween(from: PlannedResource[], to: PlannedResource[]): Change[] {
  return withUses(new Walk(from, to).changes, from).sort((a, b) => (a.path < b.path ? -1 : 1));
}

import { isDeepStrictEqual } from "node:util";
import { interruptionBy, lastsText } from "../../platform/downtime";
import online from "../catalogues/online-changes.json";
import { knownPackages } from "../packages";
import type { PlannedResource } from "../record/planned";
import { type Carrier, carriedBy, inputsAfter, renamedValues, replaceValues } from "./carried";
import { type Change, type Effect, holdsData, ownProperty } from "./change";
import { Condemned } from "./condemned";
import { type Pair, paired } from "./identity";
import { type Difference, differences, valuesAt, withIgnored } from "./properties";
import { type Providers, regionChange, replacedByProvider } from "./providers";
import { type Inputs, noteOn, refusedUpdate } from "./refused-updates";
import { removalOf, withUses } from "./removals";
import { deletedFirst, forcing, hasFixedVolumes, refusedByServer } from "./replacement";
import { refusedByStack } from "./stack-refusals";

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

/** Follows a move through the graph, so that each resource is judged after those that it depends on. */
class Walk {
  private readonly pairs = new Map<string, Pair>();
  private readonly judged = new Map<string, Change | undefined>();
  private readonly carriers = new Map<string, Carrier>();
  private readonly replaced = new Set<string>();
  private readonly condemned: Condemned;
  /** New paths by old ones, of the resources that stay. */
  private readonly moved = new Map<string, string>();
  private readonly renamed: Map<string, string>;
  readonly changes: Change[] = [];

  /** The resources before, by path. */
  private readonly before: Map<string, PlannedResource>;
  private readonly fixedVolumes: boolean;

  constructor(from: PlannedResource[], to: PlannedResource[]) {
    this.before = new Map(from.map((resource) => [resource.path, resource]));
    this.fixedVolumes = hasFixedVolumes(from);
    this.condemned = new Condemned(this.before);
    const pairs = paired(from, to);
    for (const pair of pairs) if (pair.after) this.pairs.set(pair.after.path, pair);
    for (const { before, after } of pairs) if (before && after) this.moved.set(before.path, after.path);
    this.renamed = renamedValues(pairs);
    for (const { before, after } of pairs) {
      const change = after ? this.judge(after.path) : before && removalOf(before, this.before);
      if (change) this.changes.push(change);
    }
  }

  private judge(path: string): Change | undefined {
    const pair = this.pairs.get(path);
    if (!pair?.after || this.judged.has(path)) return this.judged.get(path);
    this.judged.set(path, undefined);
    for (const dependency of [...pair.after.dependsOn, pair.after.provider ?? ""]) this.judge(dependency);
    // What it no longer depends on may still take it along.
    for (const dependency of pair.before?.dependsOn ?? []) this.judge(this.moved.get(dependency) ?? "");
    const change = pair.before ? this.changeOf(pair.before, pair.after) : createdOf(pair.after);
    this.judged.set(path, change);
    return change;
  }

  private changeOf(before: PlannedResource, after: PlannedResource): Change | undefined {
    const current = this.renamed.size > 0 ? (replaceValues(before.inputs, this.renamed) as Inputs) : before.inputs;
    const known = (inputs: Inputs) => withIgnored(inputs, after.options.ignoreChanges, (at) => valuesAt(current, at));
    const own = differences(current, known(after.inputs));
    const carriers = after.dependsOn.flatMap((path) => this.carriers.get(path) ?? []);
    const carried = inputsAfter(after, carriers);
    // Most inputs have nothing of what their carriers renew: what is the same object is compared once.
    const found = carried === after.inputs ? own : differences(current, known(carried));
    const providers = this.providersOf(before, after);
    const region = regionChange(before, after, providers);
    const all = region ? [region, ...found.filter(({ property }) => property !== "region")] : found;
    const provider = providers.next?.after?.inputs;
    const { replaceOnChanges } = after.options;
    const update = { type: after.type, before: current, after: after.inputs, provider, replaceOnChanges };
    const forced = forcing(update, found);
    if (region) forced.add(region);
    const condemned = this.condemned.causeOf(before);
    const fromProvider = region ? !("region" in after.inputs) : replacedByProvider(before, after, providers);
    if (!fromProvider && !condemned && all.length === 0) return undefined;
    const carrier = (difference: Difference | undefined) =>
      difference && this.carrierOf(difference, own, carriers, after);
    const isNew = fromProvider || condemned !== undefined || forced.size > 0;
    const onward = carriedBy(after, carried, isNew);
    if (onward) this.carriers.set(after.path, onward);
    if (isNew) {
      const cause = fromProvider
        ? "provider"
        : (carrier([...forced][0]) ?? (forced.size > 0 ? ownProperty : condemned));
      return this.replacementOf(before, after, known(carried), { found: all, forced, cause: cause as string });
    }
    const cause = all.map(carrier).find((path) => path !== undefined && own.length === 0) ?? ownProperty;
    return updateOf(before, after, known(carried), { found: all, cause, fixedVolumes: this.fixedVolumes });
  }

  /** The changing resource that a difference comes from; undefined for one of the resource's own. */
  private carrierOf(
    { property, after: value }: Difference,
    own: Difference[],
    carriers: Carrier[],
    after: PlannedResource,
  ) {
    if (own.some((one) => one.property === property && isDeepStrictEqual(one.after, value))) return undefined;
    const [top = ""] = property.split(/[.[]/);
    return carriers.find((carrier) => inputsAfter(after, [carrier])[top] !== after.inputs[top])?.path;
  }

  private providersOf(before: PlannedResource, after: PlannedResource): Providers {
    const next = this.pairs.get(after.provider ?? "");
    return {
      old: this.before.get(before.provider ?? ""),
      next,
      isReplaced: this.replaced.has(next?.after?.path ?? ""),
    };
  }

  private replacementOf(
    before: PlannedResource,
    after: PlannedResource,
    next: Inputs,
    { found, forced, cause }: { found: Difference[]; forced: Set<Difference>; cause: string },
  ): Change {
    const condemned = this.condemned.causeOf(before) !== undefined;
    const first = condemned || deletedFirst(before, { ...after, inputs: next }, cause === "provider");
    this.replaced.add(after.path);
    if (first) this.condemned.add(before, after.path);
    // The program may lift the protection in the same step (step_generator.go, continueStepsFromDiff), but not of what
    // is deleted along with another resource.
    const isProtected = before.options.protect && (after.options.protect || condemned);
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

function updateOf(
  before: PlannedResource,
  after: PlannedResource,
  next: Inputs,
  { found, cause, fixedVolumes }: { found: Difference[]; cause: string; fixedVolumes: boolean },
) {
  const { path, type } = after;
  const common = { path, type, data: holdsData(before), properties: shown(found, new Set()), cause };
  const certain = knownInputs(before);
  const byAws = refusedUpdate(type, certain, next);
  const byServer = refusedByServer(type, found, fixedVolumes);
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

/** Returns what the engine would do to every custom resource, sorted by path. */
export function changesBetween(from: PlannedResource[], to: PlannedResource[]): Change[] {
  return withUses(new Walk(from, to).changes, from).sort((a, b) => (a.path < b.path ? -1 : 1));
}

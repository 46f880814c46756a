/** Which resource of one plan is which of another: by URN, and by the aliases that the program gives. */
import { added } from "../lists";
import type { PlannedResource } from "../record/planned";

/** What a resource is called by: its types, from the root's, and its name. */
interface Called {
  chain: string;
  name: string;
}

const key = ({ chain, name }: Called) => `${chain}::${name}`;

/** The end of a URN, after stack and project. An alias may be a name alone. */
function aliasOf(alias: string, { chain }: Called): Called {
  const [, , chainGiven = chain, ...name] = alias.startsWith("urn:pulumi:")
    ? alias.split("::")
    : ["", "", chain, alias];
  return { chain: chainGiven, name: name.join("::") };
}

const lastType = (chain: string) => chain.slice(chain.lastIndexOf("$") + 1);
const under = (chain: string | undefined, type: string) => (chain ? `${chain}$${type}` : type);

/** The resources of a plan, by the ends of their URNs. */
class Identities {
  private readonly byPath: Map<string, PlannedResource>;
  private chains: Map<string, PlannedResource[]> | undefined;
  private readonly own = new Map<string, Called>();
  private readonly all = new Map<string, Called[]>();
  /** Every resource's. */
  private readonly ends = new Set<string>();
  readonly custom = new Map<string, PlannedResource>();

  /** @param former  the resources before, which aliases name. @default aliases name none */
  constructor(
    private readonly resources: PlannedResource[],
    private readonly former?: Identities,
  ) {
    this.byPath = new Map(resources.map((resource) => [resource.path, resource]));
    for (const resource of resources) {
      const end = this.endOf(resource);
      this.ends.add(end);
      if (resource.custom) this.custom.set(end, resource);
    }
  }

  /** The resources by their chain of types. Only aliases ask for it. */
  private get byChain(): Map<string, PlannedResource[]> {
    if (this.chains) return this.chains;
    this.chains = new Map();
    for (const resource of this.resources) added(this.chains, this.ownName(resource).chain, resource);
    return this.chains;
  }

  /** The URN's end of a resource. */
  endOf(resource: PlannedResource): string {
    return key(this.ownName(resource));
  }

  /** What a resource was called by its aliases and by its parents', but for names that another resource has now. */
  aliasesOf(resource: PlannedResource): string[] {
    const [, ...aliases] = this.called(resource).map(key);
    return aliases.filter((alias) => !this.custom.has(alias));
  }

  private ownName({ path, type, name, parent }: PlannedResource): Called {
    const found = this.own.get(path);
    if (found) return found;
    // A file may name a resource as its own ancestor.
    this.own.set(path, { chain: type, name });
    const above = parent === null ? undefined : this.byPath.get(parent);
    const self = { chain: under(above && this.ownName(above).chain, type), name };
    this.own.set(path, self);
    return self;
  }

  private called(resource: PlannedResource): Called[] {
    const found = this.all.get(resource.path);
    if (found) return found;
    const self = this.ownName(resource);
    this.all.set(resource.path, [self]);
    const { parent, options } = resource;
    const above = parent === null ? undefined : this.byPath.get(parent);
    const given = [self, ...(options.aliases ?? []).flatMap((alias) => this.meant(aliasOf(alias, self)))];
    const all = [...given, ...(above ? this.inherited(above, given) : [])];
    this.all.set(resource.path, all);
    return all;
  }

  /** What an alias means: below a parent that has an alias itself, the parent's former name (collapseAliasToUrn). */
  private meant(alias: Called): Called[] {
    const type = lastType(alias.chain);
    const parents = this.byChain.get(alias.chain.slice(0, -type.length - 1)) ?? [];
    const chains = parents.flatMap((parent) => this.takenBy(parent)?.chain ?? []);
    return [alias, ...chains.map((chain) => ({ ...alias, chain: under(chain, type) }))];
  }

  /**
   * What a child was called below its parent's former name. A child that carries its parent's name carries the former
   * one too (step_generator.go, generateAliases and inheritedChildAlias).
   */
  private inherited(parent: PlannedResource, given: Called[]): Called[] {
    const taken = this.takenBy(parent);
    if (!taken) return [];
    const own = this.ownName(parent);
    return given.map(({ chain, name }) => ({
      chain: under(taken.chain, lastType(chain)),
      name: name.startsWith(own.name) ? taken.name + name.slice(own.name.length) : name,
    }));
  }

  /** The alias by which a resource is one of before; undefined where it is by its own name, or new. */
  private takenBy(resource: PlannedResource): Called | undefined {
    const [own, ...aliases] = this.called(resource);
    if (!this.former || !own || this.former.ends.has(key(own))) return undefined;
    return aliases.find((alias) => this.former?.ends.has(key(alias)));
  }
}

/** A resource before and after a move; one of both is missing if the move creates or removes it. */
export interface Pair {
  before?: PlannedResource;
  after?: PlannedResource;
  /** Whether only an alias makes one of both. */
  aliased?: true;
}

/** Pairs the custom resources of two plans. */
export function paired(from: PlannedResource[], to: PlannedResource[]): Pair[] {
  const before = new Identities(from);
  const after = new Identities(to, before);
  const left = new Map(before.custom);
  const pairs: Pair[] = [];
  for (const resource of after.custom.values()) {
    const own = after.endOf(resource);
    const former = left.has(own) ? own : after.aliasesOf(resource).find((name) => left.has(name));
    const old = former === undefined ? undefined : left.get(former);
    if (former !== undefined) left.delete(former);
    pairs.push({
      ...(old && { before: old }),
      after: resource,
      ...(old && former !== own && { aliased: true as const }),
    });
  }
  for (const resource of left.values()) pairs.push({ before: resource });
  return pairs;
}

/** Returns the ends of the URNs of resources, by path and type. */
export function urnEnds(resources: PlannedResource[]): Map<string, string> {
  const identities = new Identities(resources);
  return new Map(resources.map((resource) => [`${resource.path} ${resource.type}`, identities.endOf(resource)]));
}

/** Which resource of one plan is which of another: by URN, and by the aliases that the program gives. */
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

/** The custom resources of a plan, by the ends of their URNs. */
class Identities {
  private readonly byPath: Map<string, PlannedResource>;
  private readonly known = new Map<string, Called[]>();
  readonly custom: Map<string, PlannedResource>;

  constructor(resources: PlannedResource[]) {
    this.byPath = new Map(resources.map((resource) => [resource.path, resource]));
    const custom = resources.filter((resource) => resource.custom);
    this.custom = new Map(custom.map((resource) => [this.namesOf(resource)[0] as string, resource]));
  }

  /** The URN's end of a resource, then those of its aliases and of its parents'. */
  namesOf(resource: PlannedResource): string[] {
    return this.called(resource).map(key);
  }

  private called(resource: PlannedResource): Called[] {
    const { path, type, name, parent, options } = resource;
    const found = this.known.get(path);
    if (found) return found;
    // A file may name a resource as its own ancestor.
    this.known.set(path, [{ chain: type, name }]);
    const above = parent === null ? undefined : this.byPath.get(parent);
    const [own, ...former] = above ? this.called(above) : [];
    const under = (chain: string | undefined) => (chain ? `${chain}$${type}` : type);
    const self = { chain: under(own?.chain), name };
    // A child that carries its parent's name carries the former one too (step_generator.go, inheritedChildAlias).
    const inherited = former.map((parentAlias) => ({
      chain: under(parentAlias.chain),
      name: own && name.startsWith(own.name) ? parentAlias.name + name.slice(own.name.length) : name,
    }));
    const all = [self, ...(options.aliases ?? []).map((alias) => aliasOf(alias, self)), ...inherited];
    this.known.set(path, all);
    return all;
  }
}

/** A resource before and after a move; one of both is missing if the move creates or removes it. */
export interface Pair {
  before?: PlannedResource;
  after?: PlannedResource;
}

/** Pairs the custom resources of two plans. */
export function paired(from: PlannedResource[], to: PlannedResource[]): Pair[] {
  const [before, after] = [new Identities(from), new Identities(to)];
  const left = new Map(before.custom);
  const pairs: Pair[] = [];
  for (const resource of after.custom.values()) {
    const [own = "", ...aliases] = after.namesOf(resource);
    // A name that another resource of the new plan has is not free.
    const former = [own, ...aliases.filter((alias) => !after.custom.has(alias))].find((name) => left.has(name));
    const old = former === undefined ? undefined : left.get(former);
    if (former !== undefined) left.delete(former);
    pairs.push(old ? { before: old, after: resource } : { after: resource });
  }
  for (const resource of left.values()) pairs.push({ before: resource });
  return pairs;
}

/** Returns the ends of the URNs of resources, by path and type. */
export function urnEnds(resources: PlannedResource[]): Map<string, string> {
  const identities = new Identities(resources);
  return new Map(
    resources.map((resource) => [`${resource.path} ${resource.type}`, identities.namesOf(resource)[0] as string]),
  );
}

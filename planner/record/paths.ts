/** A resource that a program registered. */
export interface Registree {
  urn: string;
  /** URN of its parent; empty for none. */
  parent: string;
  type: string;
  name: string;
  /** Its name in a path (`shortName`). */
  segment: string;
}

/** `postgres-primary` in `tierstack/postgres` is `primary`. */
export function shortName(name: string, parentPath: string): string {
  const prefixes = parentPath.split("/").map((_, at, parts) => `${parts.slice(at).join("-")}-`);
  const prefix = prefixes.find((candidate) => name.startsWith(candidate) && name.length > candidate.length);
  return prefix ? name.slice(prefix.length) : name;
}

/** What tells a resource from those that would have its path: the type, and for two of one type, the name too. */
function mark({ type, name }: Registree, rivals: Registree[]): string {
  const inPath = (text: string) => text.replaceAll("/", ".");
  const isOnly = rivals.filter((other) => other.type === type).length === 1;
  return isOnly ? inPath(type) : `${inPath(type)} ${inPath(name)}`;
}

/**
 * Paths by URN, of resources that come after their parents. Two resources of different types may have one name: then
 * both have their type behind it, as in `tierstack/own/mail (aws:sqs.queue:Queue)`.
 */
export function pathsOf(registered: Registree[]): Map<string, string> {
  const distinct = [...new Map(registered.map((one) => [one.urn, one])).values()];
  const rivals = new Map<string, Registree[]>();
  for (const one of distinct) {
    const key = `${one.parent} ${one.segment}`;
    rivals.set(key, [...(rivals.get(key) ?? []), one]);
  }
  const paths = new Map<string, string>();
  for (const one of distinct) {
    const sharing = rivals.get(`${one.parent} ${one.segment}`) ?? [];
    const own = sharing.length > 1 ? `${one.segment} (${mark(one, sharing)})` : one.segment;
    const above = paths.get(one.parent);
    paths.set(one.urn, above ? `${above}/${own}` : own);
  }
  return paths;
}

/** The managed databases of a move by generation: which one is in use, and what must not become of them (docs/handover.md). */
import { isDeepStrictEqual } from "node:util";
import { frozenProperties } from "../../components/postgres/managed/instances";
import { isPreviousDatabase } from "../cost/kept";
import type { PlannedResource } from "../record/planned";

const primaryPath = /\/(postgres\/primary(?:-g\d+)?)$/;
const isPrimary = ({ type, path }: PlannedResource) => type === "aws:rds/instance:Instance" && primaryPath.test(path);

/** The primary of the generation that clients use or that a handover leads to; undefined without a managed database. */
const primaryOf = (resources: readonly PlannedResource[]) =>
  resources.find((resource) => isPrimary(resource) && !isPreviousDatabase(resource));

/** Returns what the steps call a primary: `postgres/primary-g2`. */
const nameOf = ({ path }: PlannedResource): string => primaryPath.exec(path)?.[1] ?? path;

/** Returns the databases of a handover between two instances: the one that it leaves and its target. */
export function instancesOf(resources: readonly PlannedResource[]): { source: string; target: string } | undefined {
  const target = primaryOf(resources);
  const source = resources.find((resource) => isPrimary(resource) && isPreviousDatabase(resource));
  return source && target && { source: nameOf(source), target: nameOf(target) };
}

/** Returns the database that clients use, or that a handover leads to; undefined without a managed one. */
export function instanceOf(resources: readonly PlannedResource[]): string | undefined {
  const primary = primaryOf(resources);
  return primary && nameOf(primary);
}

/** A resource that a move must not change as it does, and why. */
export interface Refused {
  resource: PlannedResource;
  reason: string;
}

/** The handover on each side of a move. */
interface Handovers {
  was: boolean;
  is: boolean;
  /** Whether the tier changes too. */
  betweenTiers: boolean;
}

/** Returns how many parts of a kind the database of a primary has: its read replicas, or the copies of its backups. */
function countOf(
  part: "replica-\\d+" | "backup-copies",
  { path }: PlannedResource,
  resources: Iterable<PlannedResource>,
) {
  const [, folder = "", generation = ""] = /^(.*\/)primary(-g\d+)?$/.exec(path) ?? [];
  const own = new RegExp(`^${part}${generation}$`);
  return [...resources].filter((one) => one.path.startsWith(folder) && own.test(one.path.slice(folder.length))).length;
}

/** What `postgres.previous` says differently from what the database of a primary has. */
function misread(
  own: PlannedResource,
  before: readonly PlannedResource[],
  after: Map<string, PlannedResource>,
): string[] {
  const kept = after.get(own.path);
  const properties: [string, unknown, unknown][] = frozenProperties.map((property) => [
    property,
    own.inputs[property] ?? "none",
    kept?.inputs[property] ?? "none",
  ]);
  const counts = (part: Parameters<typeof countOf>[0]): [number, number] => [
    countOf(part, own, before),
    countOf(part, own, after.values()),
  ];
  const [copiesBefore, copiesAfter] = counts("backup-copies");
  return [
    ...properties,
    ["replicas", ...counts("replica-\\d+")] as const,
    ["crossRegionBackups", copiesBefore > 0, copiesAfter > 0] as const,
  ]
    .filter(([, was, is]) => !isDeepStrictEqual(was, is))
    .map(([name, was, is]) => `${name} ${was} -> ${is}`);
}

/** Why the generation must not change as it does; undefined if it may. */
function refusedChange(
  own: PlannedResource,
  next: PlannedResource,
  before: readonly PlannedResource[],
  after: Map<string, PlannedResource>,
  { was, is, betweenTiers }: Handovers,
): string | undefined {
  if (betweenTiers) return "another generation comes in a move of its own; change the tier before or after it";
  if (!after.has(own.path))
    return (
      `postgres.generation names another instance, and ${nameOf(own)} would leave the program with its data; set ` +
      "postgres.previous to what postgres said of it (docs/handover.md#another-instance)"
    );
  if (was && is)
    return (
      `the handover would turn round, to ${nameOf(next)}, while it is on; finish or abort it, and remove handover, before ` +
      "another one (docs/handover.md#a-second-handover)"
    );
  if (!was && !is)
    return (
      `clients would come from ${nameOf(own)} to ${nameOf(next)}, and no handover has brought the data there; set handover ` +
      "together with postgres.generation (docs/handover.md#another-instance)"
    );
  const wrong = is ? misread(own, before, after) : [];
  if (wrong.length === 0) return undefined;
  return (
    `postgres.previous differs from what ${nameOf(own)} has: ${wrong.join(", ")}; move what postgres said of it to ` +
    "postgres.previous (docs/handover.md#another-instance)"
  );
}

/** Returns the database that a move must not leave or remove as it does; undefined if it may go through. */
export function refusedGeneration(
  before: readonly PlannedResource[],
  after: readonly PlannedResource[],
  handovers: Handovers,
): Refused | undefined {
  const byPath = new Map(after.map((resource) => [resource.path, resource]));
  const [own, next] = [primaryOf(before), primaryOf(after)];
  if (own && next && own.path !== next.path) {
    const reason = refusedChange(own, next, before, byPath, handovers);
    if (reason !== undefined) return { resource: own, reason };
  }
  const gone = handovers.was && before.find((resource) => isPrimary(resource) && !byPath.has(resource.path));
  if (!gone || !instancesOf(before)) return undefined;
  const reason =
    `the handover may need ${nameOf(gone)} still; finish or abort it, and remove handover, before the instance leaves ` +
    "the program (docs/handover.md#remove-the-old-instance)";
  return { resource: gone, reason };
}

/** How the plan made now differs from the approved one. */
import { isDeepStrictEqual } from "node:util";
import type { Plan } from "../plan";
import { isMapping } from "../record/values";

type Fields = Record<string, unknown>;

const keysOf = (before: Fields, after: Fields) => [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();

/** Paths of the values that differ, such as `inputs.spec.replicas`. Lists are compared whole. */
function differingPaths(before: unknown, after: unknown, path = ""): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isMapping(before) || !isMapping(after)) return [path];
  return keysOf(before, after).flatMap((key) =>
    differingPaths(before[key], after[key], path === "" ? key : `${path}.${key}`),
  );
}

const byPath = ({ resources }: Plan) => new Map(resources.map((resource) => [resource.path, resource]));

/** Returns what moved between two plans as they are in their JSON, a line each. */
export function differingPlans(approved: Plan, now: Plan): string[] {
  const [before, after] = [byPath(approved), byPath(now)];
  const added = [...after.keys()]
    .filter((path) => !before.has(path))
    .map((path) => `${path}: not in the approved plan`);
  const gone = [...before.keys()]
    .filter((path) => !after.has(path))
    .map((path) => `${path}: only in the approved plan`);
  const changed = [...after].flatMap(([path, resource]) => {
    const approvedOne = before.get(path);
    const paths = approvedOne ? differingPaths(approvedOne, resource) : [];
    return paths.length > 0 ? [`${path}: another ${paths.join(", ")}`] : [];
  });
  const rest = ({ resources: _, ...others }: Plan) => others as unknown as Fields;
  const others = differingPaths(rest(approved), rest(now)).map((path) => `${path}: another value`);
  return [...added, ...gone, ...changed, ...others].sort();
}

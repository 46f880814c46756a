/** How the plan made now differs from the approved one. */
import { differences } from "../move/properties";
import type { Plan } from "../plan";

/** Paths of the values that differ, such as `inputs.spec.replicas`. */
const differingPaths = (before: unknown, after: unknown): string[] =>
  differences(before, after).map(({ property }) => property);

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
  const rest = ({ resources: _, ...others }: Plan) => others;
  const others = differingPaths(rest(approved), rest(now)).map((path) => `${path}: another value`);
  return [...added, ...gone, ...changed, ...others].sort();
}

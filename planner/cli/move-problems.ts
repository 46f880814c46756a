/** Why a move must not go through, and what to do instead: a problem a line. */
import { type Tier, tierNames } from "../../tiers";
import { type Change, ownProperty } from "../move/change";
import { keptBy } from "../move/removals";
import { type Project, stackFile } from "../stacks";

/** What replaces a resource, and how to prevent it. */
function replaced({ cause, properties }: Change): { why: string; fix: string } {
  if (cause === "provider") return { why: " with its provider", fix: "keep its provider" };
  if (cause !== undefined && cause !== ownProperty)
    return { why: ` because ${cause} is replaced`, fix: `leave ${cause} as it is` };
  const names = properties.filter(({ replaces }) => replaces).map(({ property }) => property);
  return { why: ` for ${names.join(", ")}`, fix: `leave ${names.join(", ")} as it is` };
}

/** A store moves by a second one. */
const copied = "create a second resource, copy the data, and remove the first";

/** Why a change must not go through. What a setting keeps is told of all together. */
function problemOf(change: Change): string[] {
  const { path, action, data, effect, reason, refusedBy, keep } = change;
  if (keep) return [];
  if (reason) return [`${refusedBy} refuses the change of ${path}: ${reason}`];
  if (action === "refused" && effect === "replacement") {
    const { why, fix } = replaced(change);
    return [
      `${path} is protected, and the move would replace it${why}, so the engine stops; fix: ${fix}, or ${copied}`,
    ];
  }
  if (action === "refused")
    return [`${path} is protected, and the move would delete it, so the engine stops; fix: keep it in the program`];
  if (data && action === "replace") {
    const { why, fix } = replaced(change);
    return [`${path} holds data, and the move would replace it${why}; fix: ${fix}, or ${copied}`];
  }
  if (data && action === "delete")
    return [
      `${path} holds data, and the move would delete it; fix: keep it in the program, or set retainOnDelete on it`,
    ];
  return [];
}

/** The tiers on the way from one to another that is not its neighbour, in order. */
function wayBetween({ from, to }: { from: Tier; to: Tier }): Tier[] {
  const [start, end] = [tierNames.indexOf(from), tierNames.indexOf(to)];
  const way = tierNames.slice(Math.min(start, end), Math.max(start, end) + 1);
  return start < end ? way : way.reverse();
}

/**
 * Why a move must not go through, with the settings that prevent it.
 * @param stacks.moving  the stack that moves, which the phases configure
 * @param stacks.target  the stack whose file has the settings after the move; the same one where a stack changes its tier
 */
export function moveProblems(
  changes: Change[],
  project: Project,
  { moving, target }: { moving: string; target: string },
  tiers: { from: Tier; to: Tier },
): string[] {
  const files =
    moving === target
      ? stackFile(target)
      : `${stackFile(moving)}, the stack that moves, and in ${stackFile(target)}, which this diff reads`;
  const problems = [
    ...changes.flatMap(problemOf),
    ...keptBy(changes).map(
      ({ keep, paths: [first = "", ...more] }) =>
        `${first}${more.length > 0 ? ` and ${more.length} more` : ""} would be deleted, but ${more.length > 0 ? "are" : "is"} ` +
        `protected, so the engine stops the move; fix: set ${project.name}:${keep} to true in ${files}`,
    ),
  ];
  const way = wayBetween(tiers);
  if (problems.length === 0 || way.length < 3) return problems;
  return [
    `${tiers.from} and ${tiers.to} are not neighbours; fix: go one tier at a time: ${way.join(", ")}`,
    ...problems,
  ];
}

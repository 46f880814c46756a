/**
 * What happens to each resource of a stack, as the planner predicts it and as the engine's preview says. Resources are
 * keyed by the end of their URN: the types of the ancestors, the own type and the name.
 */
import type { Change } from "../move/change";
import { changesBetween } from "../move/changes";
import { urnEnds } from "../move/identity";
import type { PlannedResource } from "../record/planned";
import { isMapping } from "../record/values";

/**
 * Ops by resource: `create`, `update`, `replace`, `delete`, `retained`, or `refused` where the engine stops because the
 * resource is protected. Resources that stay as they are have none.
 */
export type Steps = Map<string, string>;

/** What the engine does where the planner knows that AWS, or the stack itself, would refuse it later. */
function engineOp(change: Change): string {
  const { action, reason, effect } = change;
  if (action !== "refused" || reason === undefined) return action;
  if (effect === "replacement") return "replace";
  return isLeaving(change) ? "delete" : "update";
}

/** Whether a resource is not in the next program. */
const isLeaving = ({ action, effect, properties }: Change) =>
  action === "delete" ||
  action === "retained" ||
  (action === "refused" && effect === "none" && properties.length === 0);

/** Returns the steps from one plan to another. */
export function predictedSteps(from: PlannedResource[], to: PlannedResource[]): Steps {
  const [before, after] = [urnEnds(from), urnEnds(to)];
  return new Map(
    changesBetween(from, to).map((change) => {
      const key = `${change.path} ${change.type}`;
      const ends = isLeaving(change) ? before : after;
      return [ends.get(key) ?? key, engineOp(change)];
    }),
  );
}

/** What of the answer of `pulumi preview --json` is read. */
interface PreviewStep {
  op: string;
  urn: string;
  oldState?: { custom?: boolean; protect?: boolean; retainOnDelete?: boolean };
  newState?: { custom?: boolean; protect?: boolean };
}

/** Whether the planner knows a resource: not components, nor the providers that the engine makes by itself. */
const isPlanned = ({ urn, oldState, newState }: PreviewStep) =>
  (newState ?? oldState)?.custom === true && !/::pulumi:providers:[^:]+::default(_[\w.]+)*$/.test(urn);

/** Steps that change nothing. */
const idle = ["same", "read", "refresh"];

/** The op of a step. One that the planner does not predict, such as an import, keeps the engine's name. */
function opOf({ op, oldState, newState }: PreviewStep): string {
  // The engine reports the replacement of what is protected, and then stops.
  const refused = oldState?.protect === true;
  if (/replac/.test(op)) return refused && newState?.protect === true ? "refused" : "replace";
  if (op === "delete") return refused ? "refused" : oldState?.retainOnDelete ? "retained" : "delete";
  return op;
}

/** Parses the answer of `pulumi preview --json`; undefined where it is none. */
export function previewedSteps(json: string): Steps | undefined {
  const content = parsed(json);
  if (!isMapping(content)) return undefined;
  const steps = (content.steps ?? []) as PreviewStep[];
  const ops: Steps = new Map();
  for (const step of steps.filter((one) => isPlanned(one) && !idle.includes(one.op))) {
    const key = step.urn.split("::").slice(2).join("::");
    const [op, known] = [opOf(step), ops.get(key)];
    // The other steps of a replacement say more than the deletion of the old resource. Beside an update, that deletion is
    // one that an earlier `pulumi up` has left over, and no update.
    const isReplaced = known === "replace" || known === "refused";
    if (step.op === "delete-replaced" ? !isReplaced : !(isReplaced && op === "update")) ops.set(key, op);
  }
  return ops;
}

/** Messages of the errors in the answer of `pulumi preview --json`. */
export function previewErrors(json: string): string[] {
  const content = parsed(json);
  const diagnostics = isMapping(content) && Array.isArray(content.diagnostics) ? content.diagnostics : [];
  return diagnostics.flatMap(({ severity, message }) => (severity === "error" ? [String(message).trim()] : []));
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/**
 * Resources that depend on a changing one, directly or through others. A preview may show an update of them, because it
 * does not know yet what the changing resource will give them; the deployment then updates them or leaves them.
 */
export function followingOf(changing: Steps, to: PlannedResource[]): Set<string> {
  const ends = urnEnds(to);
  const endOf = ({ path, type }: PlannedResource) => ends.get(`${path} ${type}`) ?? path;
  const affected = new Set(to.filter((resource) => changing.has(endOf(resource))).map(({ path }) => path));
  const following = new Set<string>();
  for (let before = -1; before < affected.size; ) {
    before = affected.size;
    for (const resource of to) {
      const sources = [...resource.dependsOn, resource.provider];
      if (!sources.some((source) => source !== null && affected.has(source))) continue;
      affected.add(resource.path);
      following.add(endOf(resource));
    }
  }
  return following;
}

/**
 * Whether a resource that follows from approved steps may have an op: an update, and for the random suffix of a name a
 * replacement, because a preview draws it anew where it does not know yet what the suffix is a hash of.
 */
const mayFollow = (key: string, op: string | undefined) =>
  op === "update" || (op === "replace" && /[$:]random:index\/randomId:RandomId::/.test(`:${key}`));

/** Where two sets of steps differ, sorted. Those that follow from the approved ones may be updated or not. */
export function differingSteps(approved: Steps, now: Steps, following: Set<string> = new Set()): string[] {
  const keys = [...new Set([...approved.keys(), ...now.keys()])].sort();
  return keys
    .filter((key) => approved.get(key) !== now.get(key))
    .filter((key) => !(following.has(key) && !approved.has(key) && mayFollow(key, now.get(key))))
    .map((key) => `${key}: approved ${approved.get(key) ?? "no change"}, now ${now.get(key) ?? "no change"}`);
}

/**
 * What is left of approved steps after a deployment that failed halfway: those that a preview still has. A resource to
 * replace may be deleted already, so that it is only created.
 */
export function leftOf(approved: Steps, now: Steps): Steps {
  const left = [...approved].filter(([key]) => now.has(key));
  return new Map(left.map(([key, op]) => [key, op === "replace" && now.get(key) === "create" ? "create" : op]));
}

/**
 * What of a preview a plan alone does not approve: it lists what is created and what updates lead to, but not what is
 * deleted or replaced.
 */
export function unlistedSteps(now: Steps): string[] {
  return [...now]
    .filter(([, op]) => op !== "create" && op !== "update")
    .map(([key, op]) => `${key}: now ${op}, which a plan alone does not show`)
    .sort();
}

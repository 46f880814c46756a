import { identityOf, type KubernetesObject, type StackObject } from "../support/objects";
import type { Api } from "./api/api";
import { ApiError } from "./api/errors";

/** What came of bringing a stack's objects to a cluster. */
export interface Deployed {
  /** Objects as the engine sent them, by identity. */
  objects: Map<string, StackObject>;
  /** What the API server took, but thinks wrong: `Deployment/app/app: …`. */
  warnings: string[];
  /** What it refused, with its words. */
  rejected: string[];
  /** Identities of the objects that were deleted. */
  removed: string[];
}

/** The object that the engine sends where one stands already: fields with ignored changes keep what they were made with. */
function sent(next: StackObject, before: StackObject | undefined): StackObject {
  if (!before) return next;
  const kept = Object.fromEntries(next.ignoreChanges.map((field) => [field, before.object[field]]));
  return { ...next, object: { ...next.object, ...kept } };
}

/**
 * Brings a stack to a cluster as the engine does: what is new or changed in the order of dependencies, then deletes, in
 * reverse order, what is no longer in the program and not retained.
 * @param before  what the last deployment brought
 * @param each    called before every object; throws to break the deployment off
 */
export async function deploy(
  api: Api,
  objects: StackObject[],
  before?: Pick<Deployed, "objects">,
  each: (object: KubernetesObject) => Promise<void> | void = () => {},
): Promise<Deployed> {
  const result: Deployed = { objects: new Map(), warnings: [], rejected: [], removed: [] };
  for (const next of objects) {
    const identity = identityOf(next.object);
    const now = sent(next, before?.objects.get(identity));
    await each(now.object);
    try {
      const { warnings } = await api.apply(now.object);
      result.warnings.push(...warnings.map((warning) => `${identity}: ${warning}`));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      result.rejected.push(`${identity}: ${error.message}`);
    }
    result.objects.set(identity, now);
  }
  const gone = [...(before?.objects.entries() ?? [])].filter(([identity]) => !result.objects.has(identity)).reverse();
  for (const [identity, { object, retained }] of gone) {
    if (retained) continue;
    await each(object);
    await api.remove(object);
    result.removed.push(identity);
  }
  return result;
}

import { valuesAt, withIgnored } from "../../planner/move/properties";
import { identityOf, type KubernetesObject, type StackObject } from "../support/objects";
import type { Api } from "./api/api";
import { ApiError } from "./api/errors";

/** Result of deploying a stack's objects to a cluster. */
export interface Deployed {
  /** Objects as the engine would send them, by identity. */
  objects: Map<string, StackObject>;
  /** Warnings of the API server, such as `Deployment/app/app: …`. */
  warnings: string[];
  /** Rejected objects, with the API server's messages. */
  rejected: string[];
  /** Identities of the deleted objects. */
  removed: string[];
}

/** Returns the object that the engine would send for an existing one: ignored fields keep their original values. */
function sent(next: StackObject, before: StackObject | undefined): StackObject {
  if (!before) return next;
  const object = withIgnored(next.object, next.ignoreChanges, (path) => valuesAt(before.object, path));
  return { ...next, object: object as KubernetesObject };
}

/**
 * Deploys a stack to a cluster as the engine does: applies new and changed objects in the order of their dependencies,
 * then deletes, in reverse order, objects that left the program and are not retained.
 * @param before  objects of the last deployment
 * @param each    called before every object; throws to abort the deployment
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

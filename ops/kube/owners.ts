import { fieldManager, type Kube, Refused } from "./kube";
import type { ManagedField, Named } from "./objects";

/** What tells the entries of managers apart. */
const keyOf = ({ manager, operation, subresource, apiVersion }: ManagedField) =>
  [manager, operation, subresource, apiVersion].join("\n");

/** Entries as they were before a change of ours, with what others have changed meanwhile. */
function given(before: readonly ManagedField[], after: readonly ManagedField[]): ManagedField[] {
  const known = new Map(before.map((entry) => [keyOf(entry), entry]));
  const others = after.filter(({ manager }) => manager !== fieldManager);
  const lost = before.filter((entry) => !others.some((one) => keyOf(one) === keyOf(entry)));
  // An entry of a status changes all the time, and is none of ours.
  const kept = others.map((entry) => (entry.subresource ? entry : (known.get(keyOf(entry)) ?? entry)));
  return [...kept, ...lost].filter(({ manager }) => manager !== fieldManager);
}

/**
 * Changes fields of an object and gives them back to their managers. Otherwise the next `pulumi up` that sets another value
 * would fail with a conflict; so it sets the stack's value again, and one that has nothing to change leaves ours.
 */
export async function changeOwned(kube: Kube, path: string, type: "merge" | "json", body: unknown): Promise<void> {
  const before = (await kube.get<Named>(path)).metadata.managedFields ?? [];
  let after = await kube.patch<Named>(path, type, body);
  for (let tries = 1; ; tries++) {
    const { resourceVersion, managedFields = [] } = after.metadata;
    const value = given(before, managedFields);
    try {
      await kube.patch(path, "json", [
        { op: "test", path: "/metadata/resourceVersion", value: resourceVersion },
        { op: "replace", path: "/metadata/managedFields", value },
      ]);
      return;
    } catch (error) {
      // A controller has written the status meanwhile.
      if (!(error instanceof Refused) || tries === 5) throw error;
      after = await kube.get<Named>(path);
    }
  }
}

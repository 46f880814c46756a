/** How long each operation on a resource is expected to take (planner/catalogues/durations.json, with sources). */
import { isDeepStrictEqual } from "node:util";
import durations from "../catalogues/durations.json";
import type { PlannedResource } from "../record/planned";

interface Minutes {
  create: number;
  /** @default the package's */
  update?: number;
  /** @default the package's */
  delete?: number;
}

interface TypeDuration extends Minutes {
  /** Updates that take longer, by the property that changes. */
  properties?: Record<string, number>;
  /** Those of the properties that the provider changes in a call of their own, which it waits for. */
  inTurn?: string[];
  /** Where an input is set, the values of these resources. The first that matches counts. */
  variants?: (Partial<Minutes> & { when: string })[];
  source: string;
}

const types: Record<string, TypeDuration | undefined> = durations.types;
const packages: Record<string, { minutes: number } | undefined> = durations.packages;

/** What the catalogue has for a resource, or its package. A component takes no time. */
function expected({
  type,
  custom,
  inputs,
}: PlannedResource): Required<Minutes> & Pick<TypeDuration, "properties" | "inTurn"> {
  if (!custom) return { create: 0, update: 0, delete: 0 };
  const { minutes } = packages[type.split(":")[0] as string] ?? durations.others;
  const known = types[type];
  const variant = known?.variants?.find(({ when }) => Boolean(inputs[when]));
  return { create: minutes, update: minutes, delete: minutes, ...known, ...variant };
}

export const minutesToCreate = (resource: PlannedResource): number => expected(resource).create;

export const minutesToDelete = (resource: PlannedResource): number => expected(resource).delete;

/**
 * Minutes of an update. Of several changed properties, the one that takes longest counts: AWS applies them together. What
 * the provider changes in a call of its own comes on top.
 */
export function minutesToUpdate(before: PlannedResource, after: PlannedResource): number {
  const { update, properties = {}, inTurn = [] } = expected(after);
  const changed = Object.keys({ ...before.inputs, ...after.inputs }).filter(
    (property) => !isDeepStrictEqual(before.inputs[property], after.inputs[property]),
  );
  const alone = changed.filter((property) => inTurn.includes(property));
  const together = changed.filter((property) => !alone.includes(property));
  const minutesOf = (property: string) => properties[property] ?? update;
  const oneCall = together.length > 0 || alone.length === 0 ? Math.max(update, ...together.map(minutesOf)) : 0;
  return alone.reduce((sum, property) => sum + minutesOf(property), oneCall);
}

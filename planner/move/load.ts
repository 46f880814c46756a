/** The load that the stacks on both sides of a move carry. */
import { isDeepStrictEqual } from "node:util";
import type { Capacity } from "../capacity/types";
import type { MoveLoad } from "./change";

const isCapacity = (capacity: Partial<Capacity> | null | undefined): capacity is Capacity =>
  typeof capacity?.requestsPerMinute === "number" && Array.isArray(capacity.assumptions);

/**
 * Returns the expected load of both sides; undefined where the plan after the move has none. The load before is known only
 * by the same coefficients: a saved plan may have others.
 */
export function loadOf(
  before: { capacity?: Partial<Capacity> | null },
  after: { capacity?: Partial<Capacity> | null },
): MoveLoad | undefined {
  const [old, next] = [before.capacity, after.capacity];
  if (!isCapacity(next)) return undefined;
  const isComparable = isCapacity(old) && isDeepStrictEqual(old.assumptions, next.assumptions);
  return {
    ...(isComparable && { requestsPerMinuteBefore: old.requestsPerMinute }),
    requestsPerMinuteAfter: next.requestsPerMinute,
    measured: next.measured !== null,
  };
}

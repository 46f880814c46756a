/** What every view of a plan says of what its sizes carry. */
import { kindsOf } from "../capacity/coefficients";
import type { Capacity } from "../capacity/types";
import { belowRoot } from "./text";

/** Figures of the load that sizes carry, with their names. */
export const loadFigures = [
  ["requests a minute", "requestsPerMinute"],
  ["queries a second", "queriesPerSecond"],
  ["concurrent users", "concurrentUsers"],
] as const;

/** From where the coefficients are: a load test fits those of some kinds of resources. */
export const sourceText = ({ measured }: Pick<Capacity, "measured">) =>
  measured ? `fitted from ${measured.file}: ${kindsOf(measured.fitted).join(", ")}; the rest assumed` : "not measured";

/** The resource that reaches its target first, and the settings that raise its limit. */
export const limitText = ({ bottleneck: { resource, path, raisedBy } }: Pick<Capacity, "bottleneck">) =>
  `first at its limit: ${resource} (${belowRoot(path)}); raised by ${raisedBy.join(", ")}`;

/** How far the load may be off, and what the other figures of the sizes are. */
export const rangeText = ({ low, high, jobsPerMinute, redisMemoryMiB }: Capacity) =>
  `at the worst and best assumptions ${low.requestsPerMinute} and ${high.requestsPerMinute} requests/min; ` +
  `${jobsPerMinute} jobs/min; ${redisMemoryMiB} MiB of Redis data`;

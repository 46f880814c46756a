import type { Duration } from "../duration/duration";
import { belowRoot, count, visible } from "./text";

/** How many resources are named. */
const mostNamed = 2;

/** `about 26 minutes`. */
export const timeText = ({ minutes }: Duration): string =>
  minutes < 1 ? "less than a minute" : `about ${count(Math.round(minutes), "minute")}`;

/** `about 26 minutes, by postgres/primary -> postgres/replica-0`: how long, and the slowest resources in the order of work. */
export function durationText(duration: Duration, named = visible): string {
  const { path } = duration;
  const time = timeText(duration);
  const slowest = [...path].sort((a, b) => b.minutes - a.minutes).slice(0, mostNamed);
  const names = path.filter((step) => slowest.includes(step)).map((step) => named(belowRoot(step.path)));
  return names.length === 0 ? time : `${time}, by ${names.join(" -> ")}`;
}

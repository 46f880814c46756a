import type { Clock } from "../../../ops/clock";

/** A clock that only stands where nobody sleeps. @param tick  what happens in each second */
export function fastClock(tick: (second: number) => void = () => undefined): Clock {
  let now = 0;
  return {
    now: () => now,
    sleep: async (seconds) => {
      now += seconds;
      tick(now);
    },
  };
}

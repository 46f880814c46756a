import { setTimeout as sleep } from "node:timers/promises";

/** How commands wait. */
export interface Clock {
  /** Seconds, from any beginning. */
  now(): number;
  sleep(seconds: number): Promise<void>;
}

export const machineClock: Clock = {
  now: () => performance.now() / 1000,
  sleep: (seconds) => sleep(seconds * 1000),
};

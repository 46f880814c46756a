import type { Prediction } from "../drill";

/** A way to lose a store's primary. */
export interface Takeover {
  /** Of the store, as users know it. */
  name: string;
  prediction: Prediction;
  /** What is done, to complete `would ...`. */
  how: string;
  begin: () => Promise<void>;
  /** Whether another primary has taken over, or the same one is back. */
  done: () => Promise<boolean>;
  /** Whether an acknowledged write is lost; undefined where that cannot be seen from here. */
  lost: () => Promise<boolean | undefined>;
}

import CircuitBreaker from "opossum";
import { Unavailable } from "../failures";
import type { Metrics } from "../telemetry/metrics";

/** Failures in a row after which calls are refused, and for how long. Then one call tries. */
export const breakerLimits = { failures: 3, openMs: 30_000 } as const;

export interface BreakerOptions {
  /** A call that takes longer counts as a failure, in milliseconds. */
  timeoutMs: number;
  /** @default 30 s */
  openMs?: number;
}

/** Calls another service, and stops calling it for a while when it fails. */
export class Breaker<Args extends unknown[], Result> {
  private readonly circuit: CircuitBreaker<Args, Result>;
  private failures = 0;

  constructor(
    readonly name: string,
    call: (...args: Args) => Promise<Result>,
    { timeoutMs, openMs = breakerLimits.openMs }: BreakerOptions,
    metrics?: Metrics,
  ) {
    this.circuit = new CircuitBreaker(call, {
      name,
      timeout: timeoutMs,
      resetTimeout: openMs,
      // Its own rule is a percentage of a window. Here it opens after failures in a row.
      volumeThreshold: Number.MAX_SAFE_INTEGER,
    });
    metrics?.breakerState.set({ breaker: name }, 0);
    this.circuit
      .on("success", () => {
        this.failures = 0;
      })
      .on("failure", () => {
        this.failures += 1;
        if (this.failures >= breakerLimits.failures) this.circuit.open();
      })
      .on("open", () => metrics?.breakerState.set({ breaker: name }, 1))
      .on("close", () => metrics?.breakerState.set({ breaker: name }, 0));
  }

  get open(): boolean {
    return this.circuit.opened;
  }

  /**
   * Calls the service.
   * @throws Unavailable  while the breaker is open, or after a call that failed
   */
  async call(...args: Args): Promise<Result> {
    try {
      return await this.circuit.fire(...args);
    } catch (error) {
      throw new Unavailable(this.name, { cause: error });
    }
  }

  close(): void {
    this.circuit.shutdown();
  }
}

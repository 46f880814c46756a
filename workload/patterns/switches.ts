import type { Cluster } from "ioredis";
import type { Config } from "../config";
import type { Metrics } from "../telemetry/metrics";

export const modes = ["normal", "read-only", "maintenance"] as const;
export type Mode = (typeof modes)[number];

/** Redis hash that an operator writes: `HSET switches mode read-only limits 2`. Every process follows within a second. */
const switchesKey = "switches";

const isMode = (text: unknown): text is Mode => (modes as readonly unknown[]).includes(text);

/** What can be changed while the product runs. Without Redis, and for what Redis does not hold, the environment's values hold. */
export class Switches {
  mode: Mode;
  /** What every limit is multiplied with, 0.1 to 100. */
  limitFactor = 1;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: Pick<Config, "MODE">,
    private readonly redis: Pick<Cluster, "hgetall">,
    private readonly metrics?: Metrics,
  ) {
    this.mode = config.MODE;
    this.report();
  }

  /**
   * Reads the switches now and every second.
   * @param then  is called after each time
   */
  async follow(then: () => void = () => {}, everyMs = 1000): Promise<void> {
    await this.refresh();
    then();
    this.timer = setTimeout(() => void this.follow(then, everyMs), everyMs).unref();
  }

  /** Reads them once. While Redis does not answer, the last values stay. */
  async refresh(): Promise<void> {
    const found = await this.redis.hgetall(switchesKey).catch(() => undefined);
    if (!found) return;
    this.mode = isMode(found.mode) ? found.mode : this.config.MODE;
    const factor = Number(found.limits);
    this.limitFactor = factor >= 0.1 && factor <= 100 ? factor : 1;
    this.report();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private report(): void {
    for (const mode of modes) this.metrics?.mode.set({ mode }, mode === this.mode ? 1 : 0);
  }
}

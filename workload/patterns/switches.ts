import type { Cluster } from "ioredis";
import { type Config, ConfigError, type Mode, modes } from "../config";
import type { Metrics } from "../telemetry/metrics";

/** Redis hash that `workload/switch.ts` writes. Every process follows within a second. */
const switchesKey = "switches";

/** Bounds of what every limit is multiplied with. */
const factors = { min: 0.1, max: 100 } as const;

const isMode = (text: unknown): text is Mode => (modes as readonly unknown[]).includes(text);
const isFactor = (text: unknown) => Number(text) >= factors.min && Number(text) <= factors.max;

/** Fields of the hash. */
const switches = {
  mode: { fits: isMode, allowed: modes.join(", ") },
  limits: { fits: isFactor, allowed: `${factors.min} to ${factors.max}` },
};
/** What empties the hash. */
const off = "off";

/** A field to set; undefined to leave both to the environment. */
export type Change = { name: keyof typeof switches; value: string } | undefined;

/**
 * Returns the change that an operator asks for: `mode read-only`, `limits 2` or `off`.
 * @throws ConfigError  for everything else
 */
export function changeOf(words: readonly string[]): Change {
  const [name = "", value = "", ...more] = words;
  if (words.length === 1 && name === off) return undefined;
  const refuse = (where: string, given: string, allowed: string) =>
    new ConfigError([`${where}: given ${given || "nothing"}; allowed: ${allowed}; fix: give one`]);
  if (name !== "mode" && name !== "limits")
    throw refuse("switch", words.join(" "), [...Object.keys(switches), off].join(", "));
  const { fits, allowed } = switches[name];
  if (!fits(value) || more.length > 0) throw refuse(`switch ${name}`, [value, ...more].join(" "), allowed);
  return { name, value };
}

/** Makes a change for every process. Returns the switches that Redis holds now. */
export async function change(
  redis: Pick<Cluster, "del" | "hgetall" | "hset">,
  wanted: Change,
): Promise<Record<string, string>> {
  if (wanted) await redis.hset(switchesKey, wanted.name, wanted.value);
  else await redis.del(switchesKey);
  return redis.hgetall(switchesKey);
}

/** What can be changed while the product runs. Without Redis, and for what Redis does not hold, the environment's values hold. */
export class Switches {
  mode: Mode;
  /** What every limit is multiplied with. */
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
    this.limitFactor = isFactor(found.limits) ? Number(found.limits) : 1;
    this.report();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private report(): void {
    for (const mode of modes) this.metrics?.mode.set({ mode }, mode === this.mode ? 1 : 0);
  }
}

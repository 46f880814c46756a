import type { Cluster } from "ioredis";
import { limitFactors as factors, type HeldSwitches, type Mode, modes } from "../../contract/operate";
import { type Config, ConfigError } from "../config";
import type { Metrics } from "../telemetry/metrics";

/** Redis hash that an operator's commands write. Every process follows within a second. */
const switchesKey = "switches";

const isMode = (text: unknown): text is Mode => (modes as readonly unknown[]).includes(text);
const isFactor = (text: unknown) => Number(text) >= factors.min && Number(text) <= factors.max;

/** Fields of the hash. */
const switches = {
  mode: { fits: isMode, allowed: modes.join(", ") },
  limits: { fits: isFactor, allowed: `${factors.min} to ${factors.max}` },
};
/** What empties the hash. */
const off = "off";

type Name = keyof typeof switches;

/** Field that says when a switch ends by itself, in milliseconds since 1970. */
const untilField = (name: Name) => `${name}:until`;

/** What Redis holds of a switch at a time; undefined where it holds none, or one that has ended. */
function heldOf(found: Record<string, string>, name: Name, nowMs: number): string | undefined {
  const until = found[untilField(name)];
  const value = found[name];
  return switches[name].fits(value) && (until === undefined || Number(until) > nowMs) ? value : undefined;
}

/** A field to set; undefined to leave both to the environment. */
export type Change =
  | {
      name: Name;
      /** Undefined leaves this one to the environment. */
      value: string | undefined;
      /** When it ends by itself, in milliseconds since 1970. @default it stays */
      untilMs?: number;
    }
  | undefined;

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
  redis: Pick<Cluster, "del" | "hdel" | "hgetall" | "hset">,
  wanted: Change,
): Promise<Record<string, string>> {
  if (!wanted) await redis.del(switchesKey);
  else {
    const { name, value, untilMs } = wanted;
    // The end first: a process that reads in between must not see a switch without one.
    if (untilMs === undefined) await redis.hdel(switchesKey, untilField(name));
    else await redis.hset(switchesKey, untilField(name), String(untilMs));
    if (value === undefined) await redis.hdel(switchesKey, name);
    else await redis.hset(switchesKey, name, value);
  }
  return redis.hgetall(switchesKey);
}

/** Returns the switches as they hold at a time, for who operates the product. */
export async function heldSwitches(
  redis: Pick<Cluster, "hgetall">,
  { MODE }: Pick<Config, "MODE">,
  nowMs: number,
): Promise<HeldSwitches> {
  const found = await redis.hgetall(switchesKey);
  const end = (name: Name) => {
    const until = found[untilField(name)];
    return heldOf(found, name, nowMs) !== undefined && until !== undefined ? { untilMs: Number(until) } : {};
  };
  const mode = heldOf(found, "mode", nowMs) as Mode | undefined;
  const limits = heldOf(found, "limits", nowMs);
  return {
    mode: { value: mode ?? MODE, otherwise: MODE, ...end("mode") },
    limits: { value: limits === undefined ? 1 : Number(limits), otherwise: 1, ...end("limits") },
  };
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
    const now = Date.now();
    this.mode = (heldOf(found, "mode", now) as Mode | undefined) ?? this.config.MODE;
    this.limitFactor = Number(heldOf(found, "limits", now) ?? 1);
    this.report();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private report(): void {
    for (const mode of modes) this.metrics?.mode.set({ mode }, mode === this.mode ? 1 : 0);
  }
}

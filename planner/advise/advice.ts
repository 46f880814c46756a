/** What measured metrics ask of a stack. Pure: the options are planned by others. */
import { type Tier, tiers } from "../../tiers";
import { redisMemoryMiB } from "../capacity/resources";
import type { Capacity } from "../capacity/types";
import {
  type Finding,
  type Fired,
  firedRules,
  idleTier,
  idleWorkers,
  peakOf,
  type Unknown,
  unknownOf,
  watched,
} from "./findings";
import { type Busiest, busiestOf, type Sized, type Step, stepOf, tierBeside } from "./levers";
import { type Series, titleOf } from "./metrics";
import { unhealthy } from "./rules";

/** What was measured, and what is known of the stack that it was measured of. */
export interface Scene extends Sized {
  series: readonly Series[];
  capacity: Pick<Capacity, "bottleneck">;
}

/** What the metrics ask for, before anything is planned. */
export interface Asked {
  /** "up": more of something; "down": less. */
  direction: "stay" | "up" | "down";
  /** The rules that fired, the one that decides first; for a tier that is too large, what shows it. */
  because: Finding[];
  /** The steps to choose from, the first choice first. */
  steps: Step[];
  /** Why the busiest resource is that, where a rule asks for its lever. */
  busiest?: string;
  /** What is not healthy, although no rule asks for anything. */
  watch: Finding[];
  unknown: Unknown;
  /** Why a tier that is idle is not too large, or why nobody can tell. */
  notSmaller?: string;
}

const keyOf = (step: Step) => ("tier" in step ? `tier ${step.tier}` : step.lever);

/** The steps of rules in the order of the rules, each lever once. */
function stepsFor(fired: readonly Fired[], scene: Scene, busiest: Busiest): Step[] {
  const steps = fired.flatMap(({ condition: rule }) =>
    rule.asks.map((ask) =>
      ask === "busiest" ? stepOf(busiest.lever, scene, busiest.metric) : stepOf(ask, scene, rule.metric),
    ),
  );
  return steps.filter((step, at) => steps.findIndex((other) => keyOf(other) === keyOf(step)) === at);
}

/** Healthy use of Redis' memory, in percent. */
const healthyMemory = unhealthy.find(({ metric }) => metric === "redis.memory")?.threshold ?? 100;

/** Data in Redis, in MiB: the fullest shard's share of all memory. Undefined where it was not measured. */
function redisDataMiB({ series, spec }: Scene): number | undefined {
  const percent = peakOf(series, "redis.memory");
  return percent === undefined ? undefined : (percent / 100) * redisMemoryMiB(spec);
}

/** Why the tier below does not carry what was measured; undefined where it does. */
function tooSmall(scene: Scene, smaller: Tier): string | undefined {
  const { series } = scene;
  const data = redisDataMiB(scene);
  const room = redisMemoryMiB(tiers[smaller]);
  if (data !== undefined && data > (healthyMemory / 100) * room)
    return `CPU would allow ${smaller}, but Redis has up to ${Math.ceil(data)} MiB of data, and there ${room} MiB of memory`;
  const carried = tiers[smaller].load.requestsPerMinute;
  const requests = peakOf(series, "app.requests");
  if (carried === undefined) return undefined;
  if (requests === undefined)
    return `CPU would allow ${smaller}; measure app.requests to tell whether it carries the requests`;
  if (requests >= carried)
    return `CPU would allow ${smaller}, but it must carry only ${carried} requests a minute, and ${Math.ceil(requests)} were measured`;
  return undefined;
}

/** What is asked where no rule asks for more. */
function askedForLess(scene: Scene): Pick<Asked, "direction" | "because" | "steps" | "notSmaller"> {
  const { series, tier } = scene;
  const idle = idleTier(series);
  const smaller = tierBeside(tier, -1);
  const reason = idle && smaller && tooSmall(scene, smaller);
  if (idle && smaller && reason === undefined)
    return { direction: "down", because: idle, steps: [{ lever: "tier", tier: smaller }] };
  const notSmaller = reason === undefined ? {} : { notSmaller: reason };
  const workers = idleWorkers(series);
  const step = workers && stepOf("fewer-workers", scene);
  if (workers && step && "change" in step)
    return { direction: "down", because: [workers], steps: [step], ...notSmaller };
  return { direction: "stay", because: [], steps: [], ...notSmaller };
}

/** Returns what measured metrics ask of a stack. */
export function ask(scene: Scene): Asked {
  const { series, capacity } = scene;
  const fired = firedRules(series);
  const unknown = unknownOf(series);
  const beyond = new Set(fired.map(titleOf));
  const watch = watched(series).filter((finding) => !beyond.has(titleOf(finding)));
  if (fired.length === 0) return { ...askedForLess(scene), watch, unknown };
  const busiest = busiestOf(series, capacity);
  const needed = fired.some(({ condition }) => condition.asks.includes("busiest"));
  return {
    direction: "up",
    // Of rules on one metric the first says enough.
    because: fired.filter(({ metric }, at) => fired.findIndex((one) => one.metric === metric) === at),
    steps: stepsFor(fired, scene, busiest),
    ...(needed && { busiest: busiest.why }),
    watch,
    unknown,
  };
}

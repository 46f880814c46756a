/** The most that a system carries, predicted from levels of load below it. */
import { demandOf, fitScalability, type ScalabilityFit } from "./fit";
import { type LoadTest, type Measurable, measurable } from "./load-test";
import { knee as kneeOf, relativeCapacity, usableCapacity } from "./usl";

type Points = Pick<LoadTest, "points" | "sizes">;

/** The throughput at which a resource is used up, in that of the points. */
export interface KneeLimit {
  /** `requests` is the whole as seen from outside: a limit that no sample explains. */
  resource: Measurable | "requests";
  throughput: number;
}

export interface Knee {
  throughput: number;
  /** The resource that is used up first. */
  binding: KneeLimit["resource"];
  /** Every limit, the lowest first. */
  limits: KneeLimit[];
}

/** Fewest points that a law of three unknowns is fitted to. */
const leastPoints = 4;

/** A resource that is busier than this in no point says too little of when it is used up, as a share. */
const leastUtilisation = 0.02;

/** A limit seen from outside that is at least this share of a sampled one is the same limit, which the sample explains. */
const sameShare = 0.85;

/** Fewest points of which one may be left out. */
const enoughPoints = 6;

/**
 * Fits the law, without the one point that does not belong to the others, if there is one: something else happened on
 * that level. Leaving it out must halve the residual, at least.
 */
function fitWithoutOutlier(points: readonly { concurrency: number; throughput: number }[]): ScalabilityFit {
  const whole = fitScalability(points);
  if (points.length < enoughPoints) return whole;
  const others = points.map((_, at) => fitScalability(points.filter((_, index) => index !== at)));
  const best = others.reduce((least, one) => (one.residual < least.residual ? one : least));
  return best.residual < whole.residual / 2 ? best : whole;
}

/** CPUs by the utilisation law: busy = throughput x demand. Connections hold longer the more there are: the scalability law. */
function limitOf(name: Measurable, { points, sizes }: Points): KneeLimit[] {
  const size = sizes?.[name];
  const own = points.flatMap(({ throughput, utilisation }) => {
    const busy = utilisation?.[name];
    return busy === undefined || busy <= 0 || size === undefined ? [] : [{ concurrency: busy * size, throughput }];
  });
  if (size === undefined || own.every(({ concurrency }) => concurrency < leastUtilisation * size)) return [];
  if (name === "connections" && own.length >= leastPoints) {
    const fit = fitWithoutOutlier(own);
    return [{ resource: name, throughput: fit.lambda * usableCapacity(size, fit) }];
  }
  const demand = demandOf(own.map(({ concurrency, throughput }) => ({ rate: throughput, busy: concurrency })));
  return [{ resource: name, throughput: size / demand }];
}

/** The peak of the scalability law of requests in flight. None where throughput grows with them without end. */
function outerLimit({ points }: Points): KneeLimit[] {
  if (points.length < leastPoints) return [];
  const fit = fitWithoutOutlier(points);
  const peak =
    fit.kappa > 0
      ? fit.lambda * relativeCapacity(Math.max(1, kneeOf(fit)), fit)
      : fit.sigma > 0
        ? fit.lambda / fit.sigma
        : Number.POSITIVE_INFINITY;
  return Number.isFinite(peak) ? [{ resource: "requests", throughput: peak }] : [];
}

/**
 * Returns the highest throughput that levels of load predict, and what limits it. Undefined where nothing does: no
 * resource was sampled, and throughput grew as the requests in flight did.
 */
export function predictKnee(test: Points): Knee | undefined {
  const lowest = (limits: KneeLimit[]) => limits.sort((a, b) => a.throughput - b.throughput);
  const sampled = lowest(measurable.flatMap((name) => limitOf(name, test)));
  const explained = (sampled[0]?.throughput ?? Number.POSITIVE_INFINITY) * sameShare;
  const unexplained = outerLimit(test).filter(({ throughput }) => throughput < explained);
  const limits = lowest([...sampled, ...unexplained]);
  const [first] = limits;
  return first && { throughput: first.throughput, binding: first.resource, limits };
}

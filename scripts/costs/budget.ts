/** Compares the tiers' costs with their budgets. */
import { type Tier, type TierSpec, tierNames, tiers } from "../../tiers";
import { sizes } from "../../tiers/sizes";
import { k3sNodeLines, type Line, linesOf, sumOf, type Use } from "./lines";
import { isPriced, priceOf, spotDiscount } from "./prices";
import { targetOf, withTarget } from "./target";

/** Expected usage of each tier. */
const use: Record<Tier, Use> = {
  mvp: { logGb: 0, balancerUnits: 0, natGb: 0 },
  startup: { logGb: 0, balancerUnits: 0, natGb: 0 },
  growth: { logGb: 4, balancerUnits: 1, natGb: 0 },
  scale: { logGb: 10, balancerUnits: 2, natGb: 50 },
};

/** Upper end of each tier's range in the second guide, in USD a month. */
export const secondGuideUsd: Record<Tier, number> = { mvp: 35, startup: 105, growth: 445, scale: 2750 };

/** Costs in cents a month. */
export interface Costs {
  lines: Line[];
  sum: number;
  /** The sum at the lowest and highest spot price. Both equal `sum` without spot instances. */
  low: number;
  high: number;
}

export function costsOf(tier: Tier, spec: TierSpec = tiers[tier]): Costs {
  const lines = linesOf(spec, use[tier]);
  return { lines, sum: sumOf(lines), low: sumOf(lines, spotDiscount.max), high: sumOf(lines, spotDiscount.min) };
}

/** Returns the remaining budget of a tier in cents a month; negative if the sum exceeds it. */
export const budgetLeft = (tier: Tier, sum: number) => tiers[tier].budgetUsd.to * 100 - sum;

/** Returns the smallest spot discount in percent that keeps a tier within its budget; undefined if none does. */
export function requiredSpotDiscount(tier: Tier): number | undefined {
  const { lines } = costsOf(tier);
  for (let percent = 0; percent <= 100; percent++) {
    if (budgetLeft(tier, sumOf(lines, percent)) >= 0) return percent;
  }
  return undefined;
}

/** A change to a tier's sizes, and the resulting costs. */
export interface Change {
  tier: Tier;
  label: string;
  costs: Costs;
}

/** The maximum number of nodes in every pool, for a whole month. */
function atPeak(tier: Tier): Change[] {
  const target = targetOf(tiers[tier]);
  if (target.kind !== "eks") return [];
  const pools = [target.general, ...(target.spot ? [target.spot] : [])];
  const maxPools = pools.map((pool) => ({ ...pool, nodes: pool.maxNodes }));
  const spec = withTarget(tiers[tier], { ...target, general: maxPools[0] ?? target.general, spot: maxPools[1] });
  const label = `every pool at its maximum all month: ${pools.map(({ maxNodes, instanceTypes }) => `${maxNodes} ${instanceTypes[0]}`).join(", ")}`;
  return [{ tier, label, costs: costsOf(tier, spec) }];
}

function egressInEveryZone(tier: Tier): Change[] {
  const spec = tiers[tier];
  if (spec.network.egress !== "nat") return [];
  const network: TierSpec["network"] = { ...spec.network, egress: "nat-per-zone" };
  const label = `\`network.egress: ${network.egress}\``;
  return [{ tier, label, costs: costsOf(tier, { ...spec, network }) }];
}

export const changes = (): Change[] => tierNames.flatMap((tier) => [...atPeak(tier), ...egressInEveryZone(tier)]);

/** Minimum size of a k3s server (docs.k3s.io, requirements). */
export const k3sMinimum = { vcpu: 2, memoryGiB: 2 };

/** Returns the cheapest instance type that meets k3s's minimum. The catalogue contains only arm64 types. */
function cheapestK3sType(): string {
  const price = (type: string) => priceOf(`ec2.ondemand.${type}`).usd;
  const fits = (type: string) => {
    const { vcpu = 0, memoryGiB = 0 } = sizes.instance(type) ?? {};
    return vcpu >= k3sMinimum.vcpu && memoryGiB >= k3sMinimum.memoryGiB && isPriced(`ec2.ondemand.${type}`);
  };
  const [cheapest] = sizes.instanceTypes.filter(fits).sort((a, b) => price(a) - price(b));
  return cheapest ?? "";
}

/** Returns the minimum cost lines of a product on a single k3s node. */
export const minimalNodeLines = (): Line[] => k3sNodeLines({ instanceTypes: [cheapestK3sType()], capacity: "spot" });

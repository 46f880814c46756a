/** The tiers' costs against their budgets. */
import { type Tier, type TierSpec, tierNames, tiers } from "../../tiers";
import { sizes } from "../../tiers/sizes";
import { k3sNodeLines, type Line, linesOf, sumOf, type Use } from "./lines";
import { isPriced, priceOf, spotOff } from "./prices";
import { targetOf, withTarget } from "./target";

/** What the product is expected to use at each tier. */
const use: Record<Tier, Use> = {
  mvp: { logGb: 0, balancerUnits: 0, natGb: 0 },
  startup: { logGb: 0, balancerUnits: 0, natGb: 0 },
  growth: { logGb: 4, balancerUnits: 1, natGb: 0 },
  scale: { logGb: 10, balancerUnits: 2, natGb: 50 },
};

/** USD a month that the second guide names at each tier's top. */
export const secondGuideUsd: Record<Tier, number> = { mvp: 35, startup: 105, growth: 445, scale: 2750 };

/** Cents a month. */
export interface Costs {
  lines: Line[];
  sum: number;
  /** The sum over the range of spot prices; both are the sum where nothing is spot. */
  low: number;
  high: number;
}

export function costsOf(tier: Tier, spec: TierSpec = tiers[tier]): Costs {
  const lines = linesOf(spec, use[tier]);
  return { lines, sum: sumOf(lines), low: sumOf(lines, spotOff.most), high: sumOf(lines, spotOff.least) };
}

/** Cents a month that a sum leaves of a tier's budget; negative where it goes past it. */
export const leftOf = (tier: Tier, sum: number) => tiers[tier].budgetUsd.to * 100 - sum;

/** The least percent off on the spot market with which a tier holds its budget; undefined where no spot price helps. */
export function spotOffNeeded(tier: Tier): number | undefined {
  const { lines } = costsOf(tier);
  for (let percent = 0; percent <= 100; percent++) {
    if (leftOf(tier, sumOf(lines, percent)) >= 0) return percent;
  }
  return undefined;
}

/** A change of a tier's sizes, and its costs then. */
export interface Change {
  tier: Tier;
  label: string;
  costs: Costs;
}

/** Every node that the pools may have, for a whole month. */
function atPeak(tier: Tier): Change[] {
  const target = targetOf(tiers[tier]);
  if (target.kind !== "eks") return [];
  const pools = [target.general, ...(target.spot ? [target.spot] : [])];
  const grown = pools.map((pool) => ({ ...pool, nodes: pool.maxNodes }));
  const spec = withTarget(tiers[tier], { ...target, general: grown[0] ?? target.general, spot: grown[1] });
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

/** The least that k3s asks of a server (docs.k3s.io, requirements). */
export const k3sMinimum = { vcpu: 2, memoryGiB: 2 };

/** The cheapest instance that k3s runs on; the catalogue holds arm64 types alone. */
export function cheapestK3sType(): string {
  const price = (type: string) => priceOf(`ec2.ondemand.${type}`).usd;
  const fits = (type: string) => {
    const { vcpu = 0, memoryGiB = 0 } = sizes.instance(type) ?? {};
    return vcpu >= k3sMinimum.vcpu && memoryGiB >= k3sMinimum.memoryGiB && isPriced(`ec2.ondemand.${type}`);
  };
  const [cheapest] = sizes.instanceTypes.filter(fits).sort((a, b) => price(a) - price(b));
  return cheapest ?? "";
}

/** What no product on a node of its own can do without. */
export const leastNode = (): Line[] => k3sNodeLines({ instanceTypes: [cheapestK3sType()], capacity: "spot" });

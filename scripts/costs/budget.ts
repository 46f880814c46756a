/** Compares the tiers' costs with their budgets. */
import { type NodePoolSize, type Tier, type TierSpec, tierNames, tiers } from "../../tiers";
import { nodeTypes } from "../../tiers/targets";
import { k3sNodeLines, type Line, linesOf, poolLine, sumOf, type Use } from "./lines";
import { noLogs } from "./logs";
import { isPriced, priceOf, spotDiscount } from "./prices";
import { type Target, targetOf, withTarget } from "./target";

/**
 * Expected usage of each tier, an estimate: 100 requests a day of each of the tier's fewest users. Growth has 1,000 to
 * 10,000 users a day and Scale 10,000 or more.
 */
const use: Record<Tier, Use> = {
  mvp: { logs: noLogs, balancerUnits: 0, natGb: 0 },
  startup: { logs: { ...noLogs, database: 0.5 }, balancerUnits: 0, natGb: 0 },
  growth: {
    logs: { controlPlane: 1, flows: 2, database: 0.5, blocked: 0.2, requests: 3 },
    balancerUnits: 1,
    natGb: 0,
  },
  scale: {
    logs: { controlPlane: 2, flows: 6, database: 2, blocked: 1, requests: 30 },
    balancerUnits: 2,
    natGb: 50,
  },
};

/** A looser budget: the most that each tier may cost, in USD a month. */
export const looserBudgetUsd: Record<Tier, number> = { mvp: 35, startup: 105, growth: 445, scale: 2750 };

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

/** A change to a tier's sizes, and the resulting sum in cents a month. */
export interface Change {
  tier: Tier;
  label: string;
  sum: number;
}

/** A target with the maximum number of nodes in every pool; undefined if its number of nodes is fixed. */
function targetAtPeak(target: Target): { target: Target; pools: NodePoolSize[] } | undefined {
  switch (target.kind) {
    case "existing":
    case "k3s":
      return undefined;
    case "eks": {
      const atPeak = (pool: NodePoolSize) => ({ ...pool, nodes: pool.maxNodes });
      const general = atPeak(target.general);
      const spot = target.spot && atPeak(target.spot);
      return { target: { ...target, general, ...(spot && { spot }) }, pools: spot ? [general, spot] : [general] };
    }
    default:
      return target satisfies never;
  }
}

/** The maximum number of nodes in every pool, for a whole month. */
function atPeak(tier: Tier): Change[] {
  const peak = targetAtPeak(targetOf(tiers[tier]));
  if (!peak) return [];
  const nodes = peak.pools.map(({ maxNodes, instanceTypes }) => `${maxNodes} ${instanceTypes[0]}`);
  const label = `every pool at its maximum all month: ${nodes.join(", ")}`;
  return [{ tier, label, sum: costsOf(tier, withTarget(tiers[tier], peak.target)).sum }];
}

function egressInEveryZone(tier: Tier): Change[] {
  const spec = tiers[tier];
  if (spec.network.egress !== "nat") return [];
  const network: TierSpec["network"] = { ...spec.network, egress: "nat-per-zone" };
  const label = `\`network.egress: ${network.egress}\``;
  return [{ tier, label, sum: costsOf(tier, { ...spec, network }).sum }];
}

function withoutRequestLog(tier: Tier): Change[] {
  const spec = tiers[tier];
  if (!spec.logs.requests) return [];
  const logs: TierSpec["logs"] = { ...spec.logs, requests: false };
  return [{ tier, label: "`logs.requests: false`", sum: costsOf(tier, { ...spec, logs }).sum }];
}

/** On-demand nodes in place of spot ones: for want of spot capacity, or because jobs are too long for it. */
function onDemand(tier: Tier): Change[] {
  const spec = tiers[tier];
  const target = targetOf(spec);
  if (target.kind === "k3s" && target.capacity === "spot") {
    const { sum } = costsOf(tier, withTarget(spec, { ...target, capacity: "on-demand" }));
    return [{ tier, label: "`nodes.capacity: on-demand`", sum }];
  }
  if (target.kind !== "eks" || !target.spot) return [];
  const { lines, sum } = costsOf(tier);
  const another = poolLine({ ...target.spot, nodes: 1 }, "on-demand", spec.network.egress === "public");
  const type = target.spot.instanceTypes[0];
  return [
    { tier, label: "workers on on-demand nodes all month, for want of spot capacity", sum: sumOf(lines, 0) },
    { tier, label: `a queue with \`capacity: on-demand\`: another node, ${type}`, sum: sum + sumOf(another) },
  ];
}

export const onDemandChanges = (): Change[] => tierNames.flatMap(onDemand);

/** What each tier costs with changes to its sizes. */
export const changes = (): Change[] =>
  tierNames.flatMap((tier) => [
    ...onDemand(tier),
    ...atPeak(tier),
    ...egressInEveryZone(tier),
    ...withoutRequestLog(tier),
  ]);

/** Returns the cheapest instance type that k3s runs on. The catalogue contains only arm64 types. */
function cheapestK3sType(): string {
  const price = (type: string) => priceOf(`ec2.ondemand.${type}`).usd;
  const priced = nodeTypes("k3s").filter((type) => isPriced(`ec2.ondemand.${type}`));
  return priced.sort((a, b) => price(a) - price(b))[0] ?? "";
}

/** Returns the minimum cost lines of a product on a single k3s node. */
export const minimalNodeLines = (): Line[] => k3sNodeLines({ instanceTypes: [cheapestK3sType()], capacity: "spot" });

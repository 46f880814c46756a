/** What the tiers cost, and what changes of their sizes and of their use cost. Planned with minimal settings. */
import type { SettingsInput } from "../../config/schema";
import { type Assumptions, assumed, catalogueAssumptions } from "../../planner/cost/assumptions";
import { costContext } from "../../planner/cost/context";
import { monthlyCostOf } from "../../planner/cost/cost";
import type { Cost, CostContext } from "../../planner/cost/types";
import type { Planned } from "../../planner/plan";
import { type Tier, tierNames, tiers } from "../../tiers";
import { planTier } from "../tier-plan";
import { logged, observed } from "./observability";

/** A change to a tier's sizes or use, and its cost. */
export interface Change {
  tier: Tier;
  label: string;
  cost: Cost;
}

export interface TierCosts {
  costs: Record<Tier, Cost>;
  /** The cost of each tier with spot capacity at a percentage of the on-demand price. */
  atSpotPrice: (tier: Tier, percent: number) => Cost;
  /** On-demand nodes in place of spot ones: for want of spot capacity, or because jobs are too long for it. */
  onDemand: Change[];
  changes: Change[];
  /** Each tier with observability, and with what it takes. */
  observed: Change[];
  /** The same with the logs of the pods. */
  logged: Change[];
}

/** The catalogue's assumptions with one that has the same figure at every level. */
function withFigure(id: string, figure: number): Assumptions {
  const assumption = catalogueAssumptions.get(id);
  if (!assumption) throw new Error(`no assumption ${id}`);
  return new Map([...catalogueAssumptions, [id, { ...assumption, values: figure }]]);
}

const priced = ({ plan, inputs }: Planned, changed: Partial<CostContext> = {}) =>
  monthlyCostOf(plan.resources, { ...costContext(inputs), ...changed });

const allOnDemand = withFigure("spot.pricePercent", 100);

/** What changes the nodes of a tier. */
async function nodeChanges(tier: Tier, planned: Planned): Promise<{ onDemand: Change[]; atPeak: Change[] }> {
  const { target } = tiers[tier];
  if (target.kind === "existing") return { onDemand: [], atPeak: [] };
  if (target.kind === "k3s") {
    if (target.capacity !== "spot") return { onDemand: [], atPeak: [] };
    const cost = (await planTier(tier, { nodes: { capacity: "on-demand" } })).plan.cost;
    return { onDemand: [{ tier, label: "`nodes.capacity: on-demand`", cost }], atPeak: [] };
  }
  const { nodes } = costContext(planned.inputs);
  const peak = Object.fromEntries(Object.keys(nodes).map((name) => [name, { low: 0, expected: Infinity }]));
  const pools = target.spot ? [target.general, target.spot] : [target.general];
  const most = pools.map(({ maxNodes, instanceTypes }) => `${maxNodes} ${instanceTypes[0]}`).join(", ");
  const label = `every pool at its maximum all month: ${most}`;
  const atPeak = [{ tier, label, cost: priced(planned, { nodes: peak }) }];
  if (!target.spot) return { onDemand: [], atPeak };
  const workers = nodes.workers ?? { low: 0, expected: 0 };
  const another = { ...nodes, workers: { ...workers, expected: workers.expected + 1 } };
  const onDemand = priced(planned, { assumptions: allOnDemand });
  const two = priced(planned, { assumptions: allOnDemand, nodes: another });
  const spot = planned.plan.cost;
  const withQueue = { ...spot, monthlyUsd: spot.monthlyUsd + two.monthlyUsd - onDemand.monthlyUsd };
  return {
    onDemand: [
      { tier, label: "workers on on-demand nodes all month, for want of spot capacity", cost: onDemand },
      {
        tier,
        label: `a queue with \`capacity: on-demand\`: another node, ${target.spot.instanceTypes[0]}`,
        cost: withQueue,
      },
    ],
    atPeak,
  };
}

async function otherChanges(tier: Tier, planned: Planned): Promise<Change[]> {
  const { network, logs } = tiers[tier];
  const users = assumed(catalogueAssumptions, "users.day", tier).high;
  const busy = priced(planned, { assumptions: withFigure("users.day", users) });
  const changes: Change[] = [
    { tier, label: `${users} users a day, the most of the tier, on the same nodes`, cost: busy },
  ];
  const changed = async (label: string, settings: Partial<SettingsInput>) =>
    changes.push({ tier, label, cost: (await planTier(tier, settings)).plan.cost });
  await changed("`alertEmail`: the alarms of AWS", { alertEmail: "ops@example.com" });
  if (network.egress === "nat")
    await changed("`network.egress: nat-per-zone`", { network: { egress: "nat-per-zone" } });
  if (logs.requests) await changed("`logs.requests: false`", { logs: { requests: false } });
  return changes;
}

/** Plans every tier, and each with its changes. */
export async function tierCosts(): Promise<TierCosts> {
  const plans = {} as Record<Tier, Planned>;
  const onDemand: Change[] = [];
  const changes: Change[] = [];
  const watched: Change[] = [];
  const withLogs: Change[] = [];
  for (const tier of tierNames) {
    const planned = await planTier(tier);
    plans[tier] = planned;
    const nodes = await nodeChanges(tier, planned);
    onDemand.push(...nodes.onDemand);
    changes.push(...nodes.onDemand, ...nodes.atPeak, ...(await otherChanges(tier, planned)));
    for (const [list, { label, settings }] of [
      [watched, observed(tier)],
      [withLogs, logged(tier)],
    ] as const)
      list.push({ tier, label, cost: (await planTier(tier, settings)).plan.cost });
  }
  return {
    costs: Object.fromEntries(tierNames.map((tier) => [tier, plans[tier].plan.cost])) as Record<Tier, Cost>,
    atSpotPrice: (tier, percent) => priced(plans[tier], { assumptions: withFigure("spot.pricePercent", percent) }),
    onDemand,
    changes,
    observed: watched,
    logged: withLogs,
  };
}

import type { StackInputs } from "../../config/load";
import { workloadOf } from "../../config/rules/capacity";
import { tiers } from "../../tiers";
import { nodeCapacity } from "../../tiers/capacity";
import { keepingSettings } from "./kept";
import { completeRates } from "./rates";
import type { CostContext, Rates } from "./types";

/** The NodePool of each pool of the sizes. */
const nodePools = { general: "general", spot: "workers" } as const;

/**
 * Fewest and expected nodes of each NodePool. Fewest: what the pods request with every autoscaler at its minimum.
 * Expected: the sizes' nodes under normal load. A pool that nothing is scheduled on has none.
 */
function nodesOf({ settings, spec }: StackInputs): CostContext["nodes"] {
  const { target } = spec;
  if (target.kind !== "eks") return {};
  const atLeast = <T extends { minReplicas: number; maxReplicas: number }>(size: T) => ({
    ...size,
    maxReplicas: size.minReplicas,
  });
  const least = nodeCapacity({ ...spec, app: atLeast(spec.app), workers: atLeast(spec.workers) }, workloadOf(settings));
  return Object.fromEntries(
    least.flatMap(({ pool, cpuMillicores, memoryMiB }) => {
      const size = pool === "spot" ? target.spot : target.general;
      if (!size || pool === "node") return [];
      const share = ({ requested, allocatable }: typeof cpuMillicores) => (requested / allocatable) * size.maxNodes;
      const low = Math.ceil(Math.max(share(cpuMillicores), share(memoryMiB)) - 1e-9);
      return [[nodePools[pool], { low, expected: low === 0 ? 0 : Math.max(low, size.nodes) }]];
    }),
  );
}

/** What pricing a stack needs beside its resources. */
export function costContext(inputs: StackInputs, rates?: Rates): CostContext {
  const { tier, region, budgetUsd } = inputs.settings;
  const { to, accepted } = tiers[tier].budgetUsd;
  const budget = budgetUsd === undefined ? { budgetUsd: to, ...(accepted && { accepted }) } : { budgetUsd };
  const keeps = keepingSettings(inputs.spec);
  return {
    tier,
    region,
    nodes: nodesOf(inputs),
    ...(keeps.length > 0 && { keeps }),
    ...budget,
    ...completeRates(rates),
  };
}

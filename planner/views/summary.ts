import { type Tier, tiers } from "../../tiers";
import type { Plan } from "../plan";
import { columns, type painter } from "./text";

/** Returns one line per stack: resources, budget and load. */
export function summaryView(plans: Plan[], paint: ReturnType<typeof painter>): string {
  const head = ["stack", "tier", "resources", "budget, USD/month", "requests/min", "clients : connections"];
  const rows = plans.map((plan) => {
    const { budgetUsd } = tiers[plan.tier as Tier];
    const { clientConnections, serverConnections, requestsPerMinute } = plan.capacity;
    return [
      plan.stack,
      plan.tier,
      String(plan.resources.filter((resource) => resource.custom).length),
      String(budgetUsd.to),
      String(requestsPerMinute),
      `${clientConnections} : ${serverConnections}`,
    ];
  });
  const [titles = "", ...lines] = columns([head, ...rows]);
  return `${[paint("bold", titles), ...lines].join("\n")}\n`;
}

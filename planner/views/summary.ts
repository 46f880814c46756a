import { type Tier, tiers } from "../../tiers";
import type { Plan } from "../plan";
import { type Screen, table } from "./text";

/** What stands in the place of a load where the sizes are not the tier's. */
const overridden = "sizes overridden";

/** Returns one line per stack: resources, budget and load. */
export function summaryView(plans: Plan[], screen: Screen): string {
  const head = ["stack", "tier", "resources", "USD/month", "requests/min", "clients : connections"];
  const rows = plans.map((plan) => {
    const { budgetUsd } = tiers[plan.tier as Tier];
    const { clientConnections, serverConnections, requestsPerMinute } = plan.capacity;
    return [
      plan.stack,
      plan.tier,
      String(plan.resources.filter((resource) => resource.custom).length),
      `up to ${budgetUsd.to}`,
      String(requestsPerMinute ?? overridden),
      `${clientConnections} : ${serverConnections}`,
    ];
  });
  return `${table(head, rows, screen).join("\n")}\n`;
}

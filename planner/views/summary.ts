import type { Planned } from "../plan";
import { costText } from "./cost";
import { type Screen, table } from "./text";

/** What stands in the place of a load where the sizes are not the tier's. */
const overridden = "sizes overridden";

/** Returns one line per stack: resources, cost against the budget, and load. */
export function summaryView(plans: Pick<Planned, "plan">[], screen: Screen): string {
  const head = ["stack", "tier", "resources", "USD/month", "requests/min", "clients : connections"];
  const rows = plans.map(({ plan }) => {
    const { clientConnections, serverConnections, requestsPerMinute } = plan.capacity;
    return [
      plan.stack,
      plan.tier,
      String(plan.resources.filter((resource) => resource.custom).length),
      costText(plan.cost),
      String(requestsPerMinute ?? overridden),
      `${clientConnections} : ${serverConnections}`,
    ];
  });
  return `${table(head, rows, screen).join("\n")}\n`;
}

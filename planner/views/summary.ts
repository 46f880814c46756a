import type { Planned } from "../plan";
import { costText } from "./cost";
import { type Screen, table } from "./text";

/** Returns one line per stack: resources, cost against the budget, and load. */
export function summaryView(plans: Pick<Planned, "plan">[], screen: Screen): string {
  const isMeasured = plans.every(({ plan }) => plan.capacity.measured !== null);
  const rate = isMeasured ? "requests/min" : "requests/min, not measured";
  const head = ["stack", "tier", "resources", "USD/month", rate, "clients : connections"];
  const rows = plans.map(({ plan }) => {
    const { clientConnections, serverConnections, requestsPerMinute, required } = plan.capacity;
    return [
      plan.stack,
      plan.tier,
      String(plan.resources.filter((resource) => resource.custom).length),
      costText(plan.cost),
      `${requestsPerMinute}${required.requestsPerMinute ? ` of ${required.requestsPerMinute}` : ""}`,
      `${clientConnections}${required.clientConnections ? ` of ${required.clientConnections}` : ""} : ${serverConnections}`,
    ];
  });
  return `${table(head, rows, screen).join("\n")}\n`;
}

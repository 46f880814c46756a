import type { Planned } from "../plan";
import { costText, excessText } from "./cost";
import { type Screen, table, wrap } from "./text";

/** Returns one line per stack: resources, cost against the budget, and load; below them, why a stack costs more than it. */
export function summaryView(plans: Pick<Planned, "plan">[], screen: Screen): string {
  const isMeasured = plans.every(({ plan }) => plan.capacity.measured !== null);
  const rate = `requests/min, ${isMeasured ? "in part measured" : "not measured"}`;
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
  const notes = plans.flatMap(({ plan: { stack, cost } }) => {
    const excess = excessText(cost);
    return excess === undefined ? [] : wrap(`${stack}: ${excess}`, screen.width, "", "  ");
  });
  return `${[...table(head, rows, screen), ...(notes.length > 0 ? ["", ...notes] : [])].join("\n")}\n`;
}

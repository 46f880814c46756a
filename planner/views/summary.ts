import type { Planned } from "../plan";
import { costText, excessText } from "./cost";
import { type Screen, table, wrap } from "./text";

/** What the costs leave out, each once, with the stacks where it is not all of them. */
function leftOut(plans: Pick<Planned, "plan">[]): string[] {
  const texts = [...new Set(plans.flatMap(({ plan }) => plan.cost.notCounted))];
  return texts.map((text) => {
    const stacks = plans.filter(({ plan }) => plan.cost.notCounted.includes(text)).map(({ plan }) => plan.stack);
    return stacks.length === plans.length ? text : `${text} (${stacks.join(", ")})`;
  });
}

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
  const left = leftOut(plans).map((text) => `not counted: ${text}`);
  notes.push(...left.flatMap((text) => wrap(text, screen.width, "", "  ")));
  return `${[...table(head, rows, screen), ...(notes.length > 0 ? ["", ...notes] : [])].join("\n")}\n`;
}

import { type Tier, tiers } from "../../tiers";
import type { Planned } from "../plan";
import { type Screen, table } from "./text";

/** What a line needs of a plan. */
type Summarized = Pick<Planned, "plan"> & { inputs: Pick<Planned["inputs"], "spec"> };

/** Returns one line per stack: resources, budget and load. A stack adds nothing to the price of an existing cluster. */
export function summaryView(plans: Summarized[], screen: Screen): string {
  const isMeasured = plans.every(({ plan }) => plan.capacity.measured !== null);
  const rate = isMeasured ? "requests/min" : "requests/min, not measured";
  const head = ["stack", "tier", "resources", "USD/month", rate, "clients : connections"];
  const rows = plans.map(({ plan, inputs }) => {
    const { budgetUsd } = tiers[plan.tier as Tier];
    const { clientConnections, serverConnections, requestsPerMinute, required } = plan.capacity;
    return [
      plan.stack,
      plan.tier,
      String(plan.resources.filter((resource) => resource.custom).length),
      inputs.spec.target.kind === "existing" ? "-" : `up to ${budgetUsd.to}`,
      `${requestsPerMinute}${required.requestsPerMinute ? ` of ${required.requestsPerMinute}` : ""}`,
      `${clientConnections}${required.clientConnections ? ` of ${required.clientConnections}` : ""} : ${serverConnections}`,
    ];
  });
  return `${table(head, rows, screen).join("\n")}\n`;
}

import { type Tier, tiers } from "../../tiers";
import type { Planned } from "../plan";
import { type Screen, table } from "./text";

/** What stands in the place of a load where the sizes are not the tier's. */
const overridden = "sizes overridden";

/** What a line needs of a plan. */
type Summarized = Pick<Planned, "plan"> & { inputs: Pick<Planned["inputs"], "spec"> };

/** Returns one line per stack: resources, budget and load. A stack adds nothing to the price of an existing cluster. */
export function summaryView(plans: Summarized[], screen: Screen): string {
  const head = ["stack", "tier", "resources", "USD/month", "requests/min", "clients : connections"];
  const rows = plans.map(({ plan, inputs }) => {
    const { budgetUsd } = tiers[plan.tier as Tier];
    const { clientConnections, serverConnections, requestsPerMinute } = plan.capacity;
    return [
      plan.stack,
      plan.tier,
      String(plan.resources.filter((resource) => resource.custom).length),
      inputs.spec.target.kind === "existing" ? "-" : `up to ${budgetUsd.to}`,
      String(requestsPerMinute ?? overridden),
      `${clientConnections} : ${serverConnections}`,
    ];
  });
  return `${table(head, rows, screen).join("\n")}\n`;
}

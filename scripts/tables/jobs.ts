/** The table of docs/application.md. */
import { jobSeconds, shutdownGraceSeconds } from "../../components/workers/queue";
import { capacities, tierNames, tiers } from "../../tiers";
import { workerCapacity } from "../../tiers/spot";
import { table } from "../markdown";
import { titles } from "../titles";

/** Returns the table of how long a job may take on each capacity. */
export function jobTable(): string {
  return table(
    ["workers on", "tiers", "longest job, at most", "by default", "a stopping worker gets"],
    ["---", "---", "---", "---", "---"],
    capacities.map((capacity) => {
      const { byDefault, max } = jobSeconds[capacity];
      const here = tierNames.filter((tier) => workerCapacity(tiers[tier].target, {}) === capacity);
      return [
        capacity,
        here.map((tier) => titles[tier]).join(", "),
        `${max} s`,
        `${byDefault} s`,
        `its longest job and ${shutdownGraceSeconds} s`,
      ];
    }),
  );
}

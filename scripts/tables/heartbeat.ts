/** What to set at a service that waits for the heartbeat, in docs/observability.md. */
import { thresholds } from "../../tiers/thresholds";
import { table } from "../markdown";

export function heartbeatTable(): string {
  const { everyMinutes, silentMinutes } = thresholds.heartbeat;
  return table(
    ["setting", "value", "why"],
    ["---", "---:", "---"],
    [
      ["period", `${everyMinutes} minutes`, "Alertmanager posts as often"],
      [
        "grace",
        `${silentMinutes - everyMinutes} minutes`,
        `somebody is told after ${silentMinutes} minutes of silence`,
      ],
    ],
  );
}

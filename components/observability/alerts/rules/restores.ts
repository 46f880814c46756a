import type { PostgresPlace } from "../../../../tiers";
import { thresholds } from "../../../../tiers/thresholds";
import { drillLease, restoreDrills } from "../../drill-leases";
import { type AlertRule, decimal } from "../rule";

const daySeconds = 24 * 60 * 60;
const { verifiedDays } = thresholds.restore;

const state = (metric: string, matcher: string) => `${metric}{job="kube-state-metrics",${matcher}}`;
const verified = (place: PostgresPlace) =>
  state("kube_lease_renew_time", `lease="${drillLease(restoreDrills[place], "verified")}"`);
/** There from the first deployment to the cluster on. */
const born = state("kube_deployment_created", 'deployment="pgbouncer"');

/** For stacks of which `npm run drill -- restore` can restore a backup. */
export const restoreRules = (place: PostgresPlace): AlertRule[] => [
  {
    name: "RestoreUnverified",
    service: "database",
    severity: "warning",
    // Without a verified restore, the age is that of the stack. One in the future, by a clock ahead, is none.
    expr: `(time() - (max(${verified(place)} <= time()) or min(${born}))) / ${daySeconds} > ${verifiedDays}`,
    for: "1h",
    // kube-state-metrics may be away: that verifies nothing.
    keepFiringFor: "15m",
    summary: `No restore of a backup has been verified for ${decimal} days (limit ${verifiedDays} days)`,
    source: `assumed: ${verifiedDays} days, a weekly drill and a day to repeat one that failed`,
    act: [
      "Run `npm run drill -- restore -s STACK`. It restores the newest backup beside the product and compares it: docs/drills.md.",
      "`npm run ops -- status -s STACK` says whether the last run went as predicted, and what was wrong.",
      "A drill each week by GitHub has stopped? GitHub disables the schedules of a public repository without activity for 60 days: docs/github-actions.md#practise-the-restore.",
    ],
  },
];

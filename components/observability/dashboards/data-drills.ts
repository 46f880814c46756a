import { drillLease, restoreDrills } from "../drill-leases";
import { limits } from "./limits";
import { from, inNamespace } from "./selectors";
import type { Panel } from "./types";

/** The figures of drills, by the names of their Leases. */
const lease = (matcher: string) => `kube_lease_renew_time${from("kube-state-metrics", inNamespace, matcher)}`;
const everyDrill = "[a-z-]+";
const lasts = lease(`lease=~"${drillLease(everyDrill, "last")}"`);
const daySeconds = 24 * 60 * 60;

/** The series of a figure, with the drill's own name in a label. */
const byDrill = (series: string, suffix: string) =>
  `label_replace(${series}, "drill", "$\{1}", "lease", "drill-(.+)${suffix}")`;
const last = byDrill(lasts, "-last");
const verified = byDrill(lease('lease=~"drill-.+"'), "");

/** The verified restores of each place. */
const restores = Object.values(restoreDrills)
  .map((drill) => drillLease(drill, "verified"))
  .join("|");

/** What `npm run drill` has measured. */
export const drillPanels: Panel[] = [
  {
    title: "Last verified restore",
    description:
      "Days since a drill restored a backup and found it as predicted: `drill-restore` in the cluster, `drill-restore-rds` on RDS. Without a value: never.",
    unit: "days",
    kind: "figure",
    queries: [
      {
        expr: `(time() - max by (lease) (${lease(`lease=~"${restores}"`)})) / ${daySeconds}`,
        legend: "{{lease}}",
      },
    ],
    limit: { at: limits.verifiedDays, side: "above" },
  },
  {
    title: "Drills not as predicted",
    description: "Drills whose last run did not go as predicted. `npm run ops -- status` says what was wrong.",
    unit: "count",
    kind: "figure",
    queries: [
      { expr: `count(${last}) - (count(${last} == on (drill) ${verified}) or 0 * count(${last}))`, legend: "drills" },
    ],
    limit: { at: 0.5, side: "above" },
  },
  {
    title: "RTO of drills",
    description: "Time until the product, or what a drill restored, served again in its last run.",
    unit: "seconds",
    kind: "bars",
    queries: [
      {
        expr: `max by (lease) (${lease(`lease=~"${drillLease(everyDrill, "rto")}"`)})`,
        legend: "{{lease}}",
      },
    ],
  },
  {
    title: "RPO of drills",
    description: "Time whose acknowledged writes the last run of a drill would have lost.",
    unit: "seconds",
    kind: "bars",
    queries: [
      {
        expr: `max by (lease) (${lease(`lease=~"${drillLease(everyDrill, "rpo")}"`)})`,
        legend: "{{lease}}",
      },
    ],
  },
];

import { type Case, missing, type Series, stays } from "./case";

const state = (metric: string, labels: string) => `${metric}{job="kube-state-metrics",namespace="data",${labels}}`;
const lease = (name: string) => state("kube_lease_renew_time", `lease="${name}"`);
const daySeconds = 86_400;

/** What is exported: ages in days at the beginning of the series, which is 1970. */
const restores = (verifiedDays: number | undefined, stackDays: number): Series => ({
  [state("kube_deployment_created", 'deployment="pgbouncer"')]: stays(-stackDays * daySeconds),
  [state("kube_deployment_created", 'deployment="dashboard"')]: stays(-900 * daySeconds),
  [lease("drill-restore")]: verifiedDays === undefined ? missing : stays(-verifiedDays * daySeconds),
  // Other figures and drills count for nothing.
  [lease("drill-restore-last")]: stays(0),
  [lease("drill-restore-rto")]: stays(75),
  [lease("drill-failover-postgres")]: stays(0),
});

export const restoreCases: Record<string, Case> = {
  RestoreUnverified: {
    fires: restores(8.2, 400),
    labels: {},
    summary: "No restore of a backup has been verified for 8.2 days (limit 8 days)",
    silent: [
      restores(7.9, 400),
      // A young stack without a verified restore.
      restores(undefined, 7.9),
    ],
    at: 61,
  },
};

/** One whose verified restore is in the future, by a clock ahead. */
export const ahead = restores(-20, 8.2);

/** One that needs a restore, without the exporter for some minutes of its second hour. */
export const unseen: Series = Object.fromEntries(
  Object.entries(restores(8.15, 400)).map(([series, values]) => [
    series,
    values.replace("x400", `x69 stale _x8 ${values}`),
  ]),
);

/** A stack that has never verified one, older than the limit. */
export const neverVerified = restores(undefined, 8.2);

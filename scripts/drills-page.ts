/** Renders docs/drills.md: the drills from their own list, and what each expects. */
import { shutdown } from "../components/app/containers";
import type { Prediction } from "../ops/drills/drill";
import { drills } from "../ops/drills/drills";
import {
  drainPrediction,
  inClusterPredictions,
  managedPredictions,
  restorePrediction,
} from "../ops/drills/expectations";
import { spelled } from "../ops/duration";
import { exitCodes } from "../ops/help";
import { commandSection } from "./command-section";
import { code, table } from "./markdown";
import { measuredDrills } from "./measured-drills";

/** Text with its documents as links from docs/. */
const linked = (text: string) => text.replaceAll(/\bdocs\/([\w-]+\.md)(#[\w-]+)?/g, "[$1]($1$2)");

const most = (seconds: number) => (seconds < 1 ? "nothing" : spelled(seconds));

function expected(): [string, Prediction][] {
  const { restore } = measuredDrills();
  const megabytes = Math.round(restore.databaseBytes / 1e6);
  const drained = drainPrediction({ mostOfOne: 1, graceSeconds: shutdown.grace, serves: true });
  return [
    [`${code("restore")}, of ${megabytes} MB`, restorePrediction(restore)],
    [`${code("failover postgres")} in the cluster`, inClusterPredictions.postgres],
    [`${code("failover redis")} in the cluster`, inClusterPredictions.redis],
    [`${code("failover postgres")}, RDS`, managedPredictions.postgres],
    [`${code("failover redis")}, ElastiCache`, managedPredictions.redis],
    [`${code("node-loss")} and ${code("zone-loss")}, a pod of each Deployment`, drained],
  ];
}

/** Returns the page. */
export function drillsPage(): string {
  const { restore } = measuredDrills();
  const { commands } = drills;
  const rows = expected().map(([drill, { rtoSeconds, rpoSeconds, callers, source }]) => [
    drill,
    most(rtoSeconds),
    most(rpoSeconds),
    callers,
    source,
  ]);
  return `<!-- Generated from ops/drills by \`npm run generate\`; edit there, and in scripts/drills-page.ts. -->
# Drills

A backup that nobody has restored is a hope. ${code("npm run drill -- DRILL -s STACK")} practises a loss: it writes what it expects, asks, does
it, measures, and compares. A prediction that is wrong ends with exit code 1.

${table(
  ["drill", "what it does"],
  ["---", "---"],
  commands.map(({ name, summary }) => [`[${code(name)}](#${name})`, summary]),
)}

What each expects, at most:

${table(["drill", "RTO", "RPO", "what callers see", "from"], ["---", "---", "---", "---", "---"], rows)}

RTO is the time until it serves again, RPO the time whose acknowledged writes are lost. What a drill cannot see from where it runs,
it says and does not judge. A drill of a restore on servers of
the tests took ${restore.copySeconds + restore.restoreSeconds} s (${restore.measured}).

Exit codes: ${exitCodes}

## Each week

At MVP, run ${code("npm run drill -- restore -s mvp --yes")} each week from where you deploy, such as from a scheduled job of your CI, and let a
failed job wake you. It does not run in the cluster: a pod has no way to the bucket, the node may only write there, and its
memory is for the product ([ADR 24](adr/0024-drills.md)).

${commands.map((command) => commandSection(drills, command, linked)).join("\n\n")}
`;
}

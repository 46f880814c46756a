/** Renders docs/drills.md: the drills from their own list, and what each expects. */
import { join } from "node:path";
import { shutdown } from "../components/app/containers";
import { type Prediction, within } from "../ops/drills/drill";
import { drills } from "../ops/drills/drills";
import {
  drainPrediction,
  inClusterPredictions,
  managedPredictions,
  rdsRestorePrediction,
  regionPrediction,
  restorePrediction,
} from "../ops/drills/expectations";
import { copyNames } from "../ops/drills/restore/copy";
import { suffix } from "../ops/drills/restore/instance";
import { hourPriceOf } from "../ops/drills/restore/price";
import { exitCodes } from "../ops/help";
import { durationOf } from "../planner/duration/duration";
import { planStack } from "../planner/plan";
import { guardSdk } from "../planner/record/sdk/classes";
import { readStack } from "../planner/stacks";
import { tierNames, tiers } from "../tiers";
import { thresholds } from "../tiers/thresholds";
import { commandSection } from "./command-section";
import { code, table } from "./markdown";
import { measuredDrills } from "./measured-drills";

const root = join(__dirname, "..");

/** Text with its documents as links from docs/. */
const linked = (text: string) => text.replaceAll(/\bdocs\/([\w-]+\.md)(#[\w-]+)?/g, "[$1]($1$2)");

function expected(): [string, Prediction][] {
  const { restore } = measuredDrills();
  const megabytes = Math.round(restore.databaseBytes / 1e6);
  const drained = drainPrediction({ mostOfOne: 1, graceSeconds: shutdown.grace, serves: true });
  return [
    [`${code("restore")} in the cluster, of ${megabytes} MB`, restorePrediction(restore)],
    [`${code("restore")}, RDS`, rdsRestorePrediction],
    [`${code("failover postgres")} in the cluster`, inClusterPredictions.postgres],
    [`${code("failover redis")} in the cluster`, inClusterPredictions.redis],
    [`${code("failover postgres")}, RDS`, managedPredictions.postgres],
    [`${code("failover redis")}, ElastiCache`, managedPredictions.redis],
    [code("region-loss"), regionPrediction],
    [`${code("node-loss")} and ${code("zone-loss")}, a pod of each Deployment`, drained],
  ];
}

/** What the instance of a restore costs, by tier. */
const secondInstances = () =>
  tierNames.flatMap((tier) => {
    const { place, managed } = tiers[tier].postgres;
    return place === "managed" ? [[tier, hourPriceOf(managed)]] : [];
  });

/** The example of a stack in the second region, planned. */
async function secondRegion() {
  guardSdk();
  const examples = { folder: join(root, "docs", "examples"), name: "tierstack", main: "index.ts", defaults: {} };
  const { plan } = await planStack({ ...examples, folder: root }, readStack(examples, "dr"), require("../index"));
  return { usd: plan.cost.monthlyUsd, minutes: durationOf(plan.resources).minutes };
}

/** Returns the page. */
export async function drillsPage(): Promise<string> {
  const { usd, minutes } = await secondRegion();
  const { restore } = measuredDrills();
  const { commands } = drills;
  const rows = expected().map(([drill, { rtoSeconds, rpoSeconds, callers, source }]) => [
    drill,
    within(rtoSeconds),
    within(rpoSeconds),
    callers,
    source,
  ]);
  return `<!-- Generated from ops/drills by \`npm run generate\`; edit there, and in scripts/drills-page.ts. -->
# Drills

A backup that nobody has restored is a hope. ${code("npm run drill -- DRILL -s STACK")} practises a loss: it writes what it expects, asks, acts,
measures, and compares. If the prediction was wrong, the exit code is 1.

${table(
  ["drill", "what it does"],
  ["---", "---"],
  commands.map(({ name, summary }) => [`[${code(name)}](#${name})`, summary]),
)}

What each expects, at most:

${table(["drill", "RTO", "RPO", "what callers see", "from"], ["---", "---", "---", "---", "---"], rows)}

RTO is the time until the product serves again, RPO the time whose acknowledged writes are lost. A drill says what it cannot
measure from where it runs, and does not judge it. On servers of the tests, a restore in the cluster took
${restore.copySeconds + restore.restoreSeconds} s (${restore.measured}).

A drill keeps its outcome in the cluster, as Leases in the namespace ${code("data")} ([ADR 25](adr/0025-drill-records.md)):
when it last went as predicted, when it last ran, RTO, RPO, and what was wrong. ${code("npm run ops -- status")} shows when a restore was last
verified. It ends with 1 when that was more than ${thresholds.restore.verifiedDays} days ago (or never, ${thresholds.restore.verifiedDays} days
after the first deployment), or when the last run of a drill was not as predicted. A dry run and an interrupted drill keep
nothing. If the cluster does not accept the record, the drill says so; its exit code stays the same.

Exit codes: ${exitCodes}

An interrupt, such as Ctrl-C, or a terminal or pipe that closes, ends a drill once it has put back what it changed; a second one does not
end it sooner. What is killed with ${code("kill -9")}, or with its machine, puts nothing back:

- ${code("npm run ops -- status")} names the nodes that are still cordoned, with ${code("kubectl uncordon NODE")}.
- The pod of ${code("restore")} ends within a day. The instance that it makes on RDS stays, and costs: the next drill refuses to begin, and
  names it with the command that deletes it. To find it without a drill:
  ${code(`aws rds describe-db-instances --query "DBInstances[?ends_with(DBInstanceIdentifier, '${suffix}')].DBInstanceIdentifier"`)}.
- In the cluster, a folder ${code(`${copyNames}*`)} with the copy of the backup stays in this machine's folder
  for temporary files: delete it.

## Each week

Run ${code("npm run drill -- restore -s mvp --yes")} each week. The workflow ${code("drill.yml")} does so
[on GitHub](github-actions.md#practise-the-restore), which mails a run that fails. Where alerts are mailed,
[RestoreUnverified](alerts.md#restoreunverified) fires ${thresholds.restore.verifiedDays} days after the last verified restore. The drill does not
run in the cluster: a pod has no way to the bucket, the node may only write there, and its memory is for the product
([ADR 24](adr/0024-drills.md)).

On RDS, run it with the name of that stack. What it costs is the instance, from when it is available until it is deleted:

${table(["tier", "a second instance, as the tier begins"], ["---", "---"], secondInstances())}

RDS runs the T classes in unlimited mode: a drill that reads much may use more CPU credits than they earn, which costs extra, and in the
database in use it may fire an alarm ([alarms](alarms.md)).

A role of its own runs it, never the one that deploys, which may not delete the instance. What it needs in the account and in the
cluster is in [Role that practises the restore](deploy-role.md#role-that-practises-the-restore). The machine has to be in
${code("apiAccessCidrs")}.

## Lose the region

${code("npm run drill -- region-loss -s scale")} says how much would be lost now. After the loss, you deploy a stack in the second region,
[Pulumi.dr.yaml](examples/Pulumi.dr.yaml). Its plan: ${Math.ceil(minutes)} minutes for the first deployment, and
${usd.toFixed(2)} USD for a month, ${(usd / 730).toFixed(2)} USD for an hour. Practise it once a year, and destroy it afterwards.

1. Copy the example beside ${code("Pulumi.yaml")}, with your image, address and hosted zone. Plan it, and deploy it:
   ${code("npm run plan -- dr")}, then ${code("npx pulumi stack init dr")} and ${code("npx pulumi up -s dr")}.
2. Restore the copy into an instance beside the new one. In one shell, name the region, the new instance and the copy:

   \`\`\`
   export AWS_DEFAULT_REGION=us-west-2
   SERVER=$(npx pulumi stack output databaseEndpoint -s dr | cut -d: -f1)
   DB=\${SERVER%%.*}
   aws rds describe-db-instance-automated-backups \\
     --query 'DBInstanceAutomatedBackups[].[DBInstanceAutomatedBackupsArn,RestoreWindow.LatestTime]'
   \`\`\`

   Continue there with step 2 of [Restore on RDS](backups.md#restore-on-rds), for the stack ${code("dr")}, with
   ${code("--source-db-instance-automated-backups-arn ARN --use-latest-restorable-time")} in place of the source and the time.
   The restored instance has the passwords of the lost stack: step 4 there gives it those of the new one.
3. Bring [the whole database](backups.md#the-whole-database) into the new one. Queues and the cache begin empty; jobs are added
   again from the database.
4. Check the product under the name of the new stack, and send visitors there. CloudFront gives a name to one distribution of an
   account, so the product's own name first has to leave the lost stack.

What CloudFront uses is in us-east-1 for every stack: its certificate, its web ACL, their logs and alarms. If that is the lost
region, ${code("npx pulumi up -s dr --continue-on-error")} makes the rest, and the new stack has no edge until AWS makes those again.

${commands.map((command) => commandSection(drills, command, linked)).join("\n\n")}
`;
}

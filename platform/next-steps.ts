import { globalRegion } from "../components/edge/waf";
import { namespaceNames } from "../components/namespaces/namespaces";
import { handoverName } from "../components/postgres/handover/settings";
import { jobSeconds } from "../components/workers/queue";
import type { StackInputs } from "../config/load";
import { prefixLength } from "../config/networks";
import { backupRegionsOf } from "../config/regions";
import { createsCluster } from "../config/resolve";
import { workerCapacity } from "../tiers/spot";
import { longInterruptions } from "./downtime";

/** Networks of a shorter prefix are too wide to be one company's. */
const narrowPrefix = 16;

/**
 * Returns what the user must know or do after a deployment on any target: about data that the program does not copy and
 * about maintenance.
 */
export function nextSteps({ project, stack, settings, spec, plainSecrets }: StackInputs): string[] {
  const interrupting = longInterruptions(spec);
  const interruptible = settings.queues
    .filter((queue) => workerCapacity(spec.target, queue) === "spot" && queue.maxJobSeconds === undefined)
    .map(({ name }) => name);
  const { keep, postgres } = spec;
  const paysTwice = keep.managedStores || keep.nodeState || postgres.previous !== undefined;
  const copiesTo = spec.postgres.managed.crossRegionBackups ? settings.backupRegion : undefined;
  const steps: [condition: boolean, message: string][] = [
    [
      spec.keep.clusterStores && spec.postgres.place !== "cluster" && !settings.handover,
      "The program does not copy data. On the way from MVP the managed stores start empty; the in-cluster Postgres and Redis " +
        "stay beside them, retained and intact. Copy the data before you let users in (docs/moving.md). Copy it once: after " +
        "that, or a handover, the in-cluster data is old.",
    ],
    [
      settings.handover !== undefined,
      `A handover of the database is on: PgBouncer serves the Postgres that ${spec.postgres.previous ? "it" : "the tier"} leaves until you switch. Watch it: ` +
        `kubectl -n ${namespaceNames(settings.namespacePrefix).data} exec job/${handoverName} -- node handover/main.js status ` +
        "(docs/handover.md). Finish or abort it before you remove the key.",
    ],
    [
      spec.postgres.previous !== undefined && !settings.handover,
      "The RDS instance of postgres.previous stays, at its full price. Once you are sure that nobody needs it, remove it " +
        "(docs/handover.md#remove-the-old-instance).",
    ],
    [
      spec.keep.managedStores && spec.postgres.place === "cluster" && !settings.handover,
      "RDS and ElastiCache stay, at their full price. Once their data is back, by a copy or a handover, remove " +
        "keep.managedStores (docs/moving.md#remove-what-a-move-kept).",
    ],
    [
      paysTwice &&
        createsCluster(settings) &&
        settings.alertEmail !== undefined &&
        settings.accountBudgetUsd === undefined,
      "AWS Budgets mails when a month exceeds what the stack may cost without what is kept. Set accountBudgetUsd to what " +
        "npm run plan expects in all, as long as it is kept (docs/alarms.md#budget).",
    ],
    [
      settings.allowDestroy,
      "The protection of data is off (allowDestroy): destroy, or a change that removes a store, deletes it with a final " +
        "snapshot. Set allowDestroy to false unless you want that (docs/destroying.md).",
    ],
    ...(settings.apiAccessCidrs ?? [])
      .filter((cidr) => prefixLength(cidr) < narrowPrefix)
      .map((cidr): [boolean, string] => [
        createsCluster(settings),
        `apiAccessCidrs lets ${2 ** (32 - prefixLength(cidr))} addresses (${cidr}) reach the Kubernetes API. Name narrower ` +
          "networks.",
      ]),
    ...plainSecrets.map((key): [boolean, string] => [
      true,
      `${key} is plain text in the stack file. Encrypt it, and replace it at its source if the file was shared: pulumi ` +
        `config set --secret --path '${project}:${key}' -s ${stack}`,
    ]),
    [
      copiesTo !== undefined && !backupRegionsOf(settings.region).includes(copiesTo),
      `RDS is not known to copy backups from ${settings.region} to ${copiesTo}. Ask AWS before you deploy, with the command preflight.`,
    ],
    [
      interrupting.length > 0 && !settings.maintenance,
      `These changes take the product down for minutes: ${interrupting.join(", ")}. npm run diff marks them. Turn on ` +
        "maintenance before you deploy one (docs/moving.md#maintenance).",
    ],
    [
      interruptible.length > 0,
      `The longest job of ${interruptible.join(", ")} may take ${jobSeconds.spot.byDefault} seconds, because workers run ` +
        "on spot capacity. Set maxJobSeconds of each queue; longer jobs need on-demand nodes (docs/application.md#jobs).",
    ],
    [
      createsCluster(settings) && settings.alertEmail !== undefined,
      `AWS asks ${settings.alertEmail} to confirm, with a mail for each region that has alarms: ` +
        `${[...new Set([settings.region, globalRegion])].join(" and ")}. Until then no alarm arrives (docs/alarms.md#confirm).`,
    ],
    [
      spec.observability.enabled && settings.observability.mail !== undefined,
      `Alerts are mailed to ${settings.alertEmail} by ${settings.observability.mail?.host}. Send one to try it ` +
        "(docs/observability.md#mail).",
    ],
    [settings.maintenance, "Maintenance is on: every request except health checks is answered with 503."],
  ];
  return steps.filter(([condition]) => condition).map(([, message]) => message);
}

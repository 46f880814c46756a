/** The alarms of each kind of what is watched, as data. docs/alarms.md shows them. */
import * as pulumi from "@pulumi/pulumi";
import { thresholds } from "../../tiers/thresholds";
import type { Watched, WatchedKind } from "../support/watched";
import { type AlarmRule, cpu, credits, errorRate, filled, inFives, lag, metric, percent } from "./rule";

const { alarm, backup, heartbeat } = thresholds;

/**
 * The most that the one thread of a cache's engine can use, in percent of a vCPU, and the vCPUs up to which a node is small:
 * what else it does runs on the same ones, so that the whole node counts (ElastiCache User Guide, "Which metrics should I
 * monitor?").
 */
const thread = { percent: 90, smallVcpus: 2 };
const isSmall = ({ vcpus = Number.POSITIVE_INFINITY }: Watched) => vcpus <= thread.smallVcpus;

const threadLook = "the slow log; `redis.shards` adds threads, a larger node does not";

/** The CPU of a node of a cache: the whole node's where it is small, else its engine's. */
const cacheCpu: AlarmRule[] = [
  {
    ...cpu("AWS/ElastiCache", "CPUUtilization", threadLook),
    threshold: ({ vcpus = 1 }) => Math.floor(thread.percent / vcpus),
    limit: `${percent(thread.percent)} of one vCPU, on a node of up to ${thread.smallVcpus}`,
    when: isSmall,
    says: `The node uses more than ${percent(thread.percent)} of one vCPU, and its engine has one thread.`,
  },
  {
    ...cpu("AWS/ElastiCache", "EngineCPUUtilization", threadLook),
    limit: `${percent(alarm.cpu)}, on a larger node`,
    when: (watched) => !isSmall(watched),
    says: `The CPU of the engine's thread is above ${percent(alarm.cpu)}.`,
  },
];

/**
 * RDS enlarges its storage below this share of free space ("Storage autoscaling"). The storage is the one that the last
 * deployment knew. It never shrinks, so after an enlargement the alarm fires later than it could, and is never wrong.
 */
const freeStorage = 10;
const bytesPerGiB = 1024 ** 3;

/** ACM renews a certificate 60 days before its end, or 45 where it is valid for less than a year. */
const certificateDays = 30;

const elb = (name: string) => metric("AWS/ApplicationELB", name, "Sum");

/**
 * A nightly backup. The node tells its age at least every seven minutes, and a gap of the log at once. Without data the alarm
 * stays as it is: that the node says nothing is told once, by the alarm of the log.
 */
const nightly = (name: "dump" | "base", own: Pick<AlarmRule, "says">): AlarmRule => ({
  name,
  of: metric(undefined, name, "Maximum"),
  is: ">",
  threshold: backup.nightlyHours * 3600,
  limit: `${backup.nightlyHours} hours`,
  period: 5,
  periods: 1,
  missing: "ignore",
  look: `\`npm run ops -- status\`, then \`journalctl -u tierstack-backup@${name}\` on the node (docs/backups.md)`,
  ...own,
});

export const alarmRules: Record<WatchedKind, AlarmRule[]> = {
  node: [
    {
      name: "down",
      of: filled("checks", metric("AWS/EC2", "StatusCheckFailed", "Maximum"), 1),
      is: ">=",
      threshold: 1,
      limit: "a failed check",
      period: 1,
      periods: 10,
      // No node, no data.
      missing: "breaching",
      says: "The node fails the checks of EC2, or there is no node.",
      look: "the activity of the Auto Scaling group: it says why no instance starts, such as no spot capacity",
    },
    cpu("AWS/EC2", "CPUUtilization", "`kubectl top pods -A`; `npm run advise` names the next size"),
    credits(
      "AWS/EC2",
      "the CPU of the last day: with `standard` credits the node is slow now, with `unlimited` it costs more",
    ),
  ],
  cluster: [
    {
      name: "pods-wait",
      of: metric("AWS/EKS", "scheduler_pending_pods_UNSCHEDULABLE", "Maximum"),
      is: ">",
      threshold: 0,
      limit: "0 pods",
      period: 1,
      periods: 15,
      missing: "notBreaching",
      says: "Pods find no node, although EKS starts nodes within minutes.",
      look: "`kubectl get events -A`, `kubectl get nodeclaims`; then the quota of vCPUs and the limits of the node pool",
    },
  ],
  database: [
    cpu("AWS/RDS", "CPUUtilization", "Performance Insights: the queries with the most load"),
    {
      name: "connections",
      of: metric("AWS/RDS", "DatabaseConnections", "Maximum"),
      is: ">",
      threshold: ({ maxConnections = 0 }) => Math.floor((maxConnections * alarm.connections) / 100),
      limit: `${percent(alarm.connections)} of \`max_connections\``,
      period: 1,
      periods: 5,
      missing: "notBreaching",
      says: `More than ${percent(alarm.connections)} of the connections are taken.`,
      look: "`pg_stat_activity`: PgBouncer's pools leave room, so somebody connects past it",
    },
    {
      name: "storage",
      of: metric("AWS/RDS", "FreeStorageSpace", "Minimum"),
      is: "<",
      threshold: ({ storageGiB = 0 }) =>
        pulumi.output(storageGiB).apply((gib) => (gib * bytesPerGiB * freeStorage) / 100),
      limit: `${percent(freeStorage)} of the storage at the last \`pulumi up --refresh\``,
      period: 5,
      periods: 6,
      missing: "notBreaching",
      says: `Less than ${percent(freeStorage)} of the storage is free, and RDS has not enlarged it.`,
      look: "`postgres.maxStorageGiB`, the last enlargement (another one waits until it is done, for hours), and replication slots that nobody reads",
    },
    credits(
      "AWS/RDS",
      "the CPU of the last day: without credits each vCPU-hour costs extra; another class may cost less",
    ),
    lag({
      of: metric("AWS/RDS", "ReplicaLag", "Minimum"),
      // While nobody writes, the lag of a healthy replica grows for up to five minutes: only the minimum says anything.
      period: 5,
      periods: 3,
      look: "long queries on the replica, its CPU, and large writes on the primary",
    }),
  ],
  cache: [
    ...cacheCpu,
    {
      name: "memory",
      of: metric("AWS/ElastiCache", "DatabaseMemoryUsagePercentage", "Maximum"),
      is: ">",
      threshold: alarm.memory,
      limit: percent(alarm.memory),
      ...inFives,
      missing: "notBreaching",
      says: `More than ${percent(alarm.memory)} of the memory is used. Full, the server refuses writes: it evicts nothing.`,
      look: "the depth of the queues, keys without a time to live; then `redis.nodeType` or `redis.shards`",
    },
    credits(
      "AWS/ElastiCache",
      "the CPU of the last day: without credits the node is slower, or costs more; another `redis.nodeType` has none",
    ),
    lag({
      of: metric("AWS/ElastiCache", "ReplicationLag", "Maximum"),
      period: 1,
      periods: 5,
      look: "the CPU and the network of the shard's nodes",
    }),
  ],
  "load-balancer": [
    {
      name: "errors",
      of: {
        // Requests that no pod could take are not among the requests.
        expression: "100 * (FILL(pods, 0) + FILL(balancer, 0)) / (FILL(requests, 0) + FILL(balancer, 0))",
        metrics: {
          pods: elb("HTTPCode_Target_5XX_Count"),
          balancer: elb("HTTPCode_ELB_5XX_Count"),
          requests: elb("RequestCount"),
        },
      },
      ...errorRate,
      says: `More than ${percent(alarm.errors)} of the answers have a status from 500.`,
      look: "`kubectl -n app logs deployment/app`, then the last rollout",
    },
    {
      name: "slow",
      of: metric("AWS/ApplicationELB", "TargetResponseTime", "p95"),
      is: ">",
      threshold: alarm.p95Ms / 1000,
      limit: `${alarm.p95Ms / 1000} s`,
      ...inFives,
      missing: "notBreaching",
      says: `The 95th percentile of the answer time is above ${alarm.p95Ms / 1000} s.`,
      look: "the CPU of pods and database, the connections of PgBouncer",
    },
  ],
  targets: [
    {
      name: "unhealthy",
      of: metric("AWS/ApplicationELB", "UnHealthyHostCount", "Maximum"),
      is: ">",
      threshold: 0,
      limit: "0 pods",
      period: 1,
      periods: 10,
      missing: "notBreaching",
      says: "A pod of the application fails its health check.",
      look: "`kubectl -n app get pods`, and what `app.healthPath` answers",
    },
  ],
  edge: [
    {
      name: "errors",
      of: metric("AWS/CloudFront", "5xxErrorRate", "Average"),
      ...errorRate,
      says: `More than ${percent(alarm.errors)} of the visitors' requests fail with a status from 500.`,
      look: "whether the node or the load balancer answers at all, then the application's log",
    },
  ],
  certificate: [
    {
      name: "expiry",
      of: metric("AWS/CertificateManager", "DaysToExpiry", "Minimum"),
      is: "<",
      threshold: certificateDays,
      limit: `${certificateDays} days`,
      period: 24 * 60,
      periods: 1,
      // A new certificate has no data for hours, an expired one has none any more.
      missing: "ignore",
      says: `The certificate ends in less than ${certificateDays} days, and AWS has not renewed it.`,
      look: "the record that validates it (`_….domain` in Route 53), and CAA records",
    },
  ],
  nat: [
    {
      name: "ports",
      of: metric("AWS/NATGateway", "ErrorPortAllocation", "Sum"),
      is: ">",
      threshold: 0,
      limit: "0 errors",
      period: 5,
      periods: 1,
      missing: "notBreaching",
      says: "The NAT gateway had no port left for a connection.",
      look: "what opens connections to one address: 55,000 fit at a time; reuse them",
    },
  ],
  backup: [
    nightly("dump", { says: `The last dump of the database is more than ${backup.nightlyHours} hours old.` }),
    nightly("base", {
      says:
        `The last base backup is more than ${backup.nightlyHours} hours old, or files of the log are missing after it: ` +
        "no restore gets past those.",
    }),
    {
      name: "log",
      of: filled("waits", metric(undefined, "log", "Minimum"), backup.logMinutes * 60 + 1),
      is: ">",
      threshold: backup.logMinutes * 60,
      limit: `${backup.logMinutes} minutes`,
      period: 5,
      periods: 3,
      // The node tells it only while it sends.
      missing: "breaching",
      says:
        `The write-ahead log has waited for more than ${backup.logMinutes} minutes, or the node has stopped sending: what ` +
        "is written now would be lost with the volume.",
      look: "`npm run ops -- status`, then `journalctl -u tierstack-wal` on the node (docs/backups.md)",
    },
  ],
  heartbeat: [
    {
      name: "missing",
      // Nobody publishes, no data.
      of: filled("beats", metric("AWS/SNS", "NumberOfMessagesPublished", "Sum"), 0),
      is: "<",
      threshold: 1,
      limit: "1 message",
      period: heartbeat.everyMinutes,
      periods: heartbeat.silentMinutes / heartbeat.everyMinutes,
      // A topic to which nobody has published yet has nothing to fill.
      missing: "breaching",
      says: "Alertmanager is silent: no alert from within the cluster would arrive.",
      look: "`kubectl -n observability get pods`, then the logs of its containers prometheus and alertmanager",
    },
  ],
};

import { thresholds } from "../../../tiers/thresholds";
import type { NodeTask } from "../../cluster/k3s/node-task";
import { readScript } from "../../support/file";
import { withVariables } from "../../support/shell";
import { systemdUnit } from "../../support/systemd";
import type { Watched } from "../../support/watched";
import { archiveScript } from "../archive/settings";
import { folders } from "../cluster/config";
import { workloads } from "../common/network-policies";
import { prefixes } from "./prefixes";

const program = "/usr/local/sbin/tierstack-backup";
/** Where the names of the files begin that say when backups were made: on the data volume, which outlives the node. */
const madePrefix = "/var/lib/tierstack-data/made-";
/** Age from which a backup is due that no timer has made, in hours: an hour before somebody is told. */
const dueHours = thresholds.backup.nightlyHours - 1;
/** Seconds between two reports to CloudWatch, at least: below 9,000 requests a month. */
const reportSeconds = 300;

export interface NodeBackupsArgs {
  region: string;
  bucket: string;
  bucketArn: string;
  /** Namespace of the in-cluster Postgres. */
  namespace: string;
  /** Namespace in CloudWatch of the age of the backups. Only the node of this stack writes to it. */
  metrics: string;
}

/** What CloudWatch knows of the backups, by the namespace of their metrics. */
export const watchedBackups = (metrics: string): Watched => ({ kind: "backup", namespace: metrics, dimensions: {} });

/**
 * Returns the node task that sends backups of the in-cluster Postgres to S3: each night two, and the log at all times. It
 * tells CloudWatch how old they are.
 */
export function nodeBackups({ region, bucket, bucketArn, namespace, metrics }: NodeBackupsArgs): NodeTask {
  return {
    files: {
      [program]: withVariables(readScript(__dirname, "backup.sh"), {
        REGION: region,
        TARGET: `s3://${bucket}/${prefixes.all}`,
        // The only pod of the StatefulSet. Its container has the same name as the workload.
        POD: `k3s kubectl -n ${namespace} exec ${workloads.server}-0 -c ${workloads.server} -- sh ${folders.config}/${archiveScript}`.split(
          " ",
        ),
        MADE: madePrefix,
        DUE: String(dueHours * 3600),
        EVERY: String(reportSeconds),
        METRICS: metrics,
      }),
      "/etc/systemd/system/tierstack-backup@.service": systemdUnit({
        // Tried until it succeeds: Postgres may not be up yet at boot, and only a base backup mends a gap of the log.
        Unit: { Description: "Backup: %i", StartLimitIntervalSec: "0" },
        Service: {
          Type: "oneshot",
          // One at a time: the node is small. The limit is for the backup alone, not for its wait for the other one; systemd has
          // none of its own for this type.
          ExecStart: `/usr/bin/flock /run/tierstack-backup timeout 4h ${program} %i`,
          Restart: "on-failure",
          RestartSec: "300",
        },
      }),
      "/etc/systemd/system/tierstack-backup@.timer": systemdUnit({
        Unit: { Description: "Nightly: %i" },
        // Not persistent: systemd counts a night as soon as it starts the backup, the script only once it was made.
        Timer: { OnCalendar: "*-*-* 03:17:00 UTC" },
      }),
      "/etc/systemd/system/tierstack-wal.service": systemdUnit({
        Unit: { Description: "Backup: log", StartLimitIntervalSec: "0" },
        Service: { ExecStart: `${program} wal`, Restart: "always", RestartSec: "15" },
      }),
    },
    units: ["tierstack-backup@dump.timer", "tierstack-backup@base.timer", "tierstack-wal.service"],
    statements: [
      {
        Sid: "Dumps",
        Effect: "Allow",
        Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
        Resource: `${bucketArn}/${prefixes.all}/*`,
      },
      {
        Sid: "Metrics",
        Effect: "Allow",
        Action: ["cloudwatch:PutMetricData"],
        // Does not support resource-level permissions.
        Resource: "*",
        Condition: { StringEquals: { "cloudwatch:namespace": metrics } },
      },
    ],
  };
}

import type { NodeTask } from "../../cluster/k3s/node-task";
import { readScript } from "../../support/file";
import { withVariables } from "../../support/shell";
import { systemdUnit } from "../../support/systemd";
import { archiveScript } from "../archive/settings";
import { folders } from "../cluster/config";
import { workloads } from "../common/network-policies";
import { identifiers } from "../common/settings";
import { prefixes } from "./prefixes";

const program = "/usr/local/sbin/tierstack-backup";
/** Is there from a gap of the log until the next base backup begins. */
const gapMarker = "/run/tierstack-gap";

export interface NodeBackupsArgs {
  region: string;
  bucket: string;
  bucketArn: string;
  /** Namespace of the in-cluster Postgres. */
  namespace: string;
}

/** Returns the node task that sends backups of the in-cluster Postgres to S3: each night two, and the log at all times. */
export function nodeBackups({ region, bucket, bucketArn, namespace }: NodeBackupsArgs): NodeTask {
  return {
    files: {
      [program]: withVariables(readScript(__dirname, "backup.sh"), {
        REGION: region,
        TARGET: `s3://${bucket}/${prefixes.all}`,
        NAMESPACE: namespace,
        // The only pod of the StatefulSet. Its container has the same name as the workload.
        POD: [`${workloads.server}-0`, "-c", workloads.server],
        SCRIPT: `${folders.config}/${archiveScript}`,
        GAP: gapMarker,
        SUPERUSER: identifiers.superuser,
        DATABASE: identifiers.database,
      }),
      "/etc/systemd/system/tierstack-backup@.service": systemdUnit({
        // Tried until it succeeds: Postgres may not be up yet at boot, and only a base backup mends a gap of the log.
        Unit: { Description: "Backup: %i", StartLimitIntervalSec: "0" },
        Service: {
          Type: "oneshot",
          // One at a time: the node is small.
          ExecStart: `/usr/bin/flock /run/tierstack-backup ${program} %i`,
          TimeoutStartSec: "4h",
          Restart: "on-failure",
          RestartSec: "300",
        },
      }),
      "/etc/systemd/system/tierstack-backup@.timer": systemdUnit({
        Unit: { Description: "Nightly: %i" },
        // Persistent: a node that was down at night makes up for it once it is up again.
        Timer: { OnCalendar: "*-*-* 03:17:00 UTC", RandomizedDelaySec: "600", Persistent: "true" },
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
    ],
  };
}

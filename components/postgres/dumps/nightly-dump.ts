import type { NodeTask } from "../../cluster/k3s/node-task";
import { readScript } from "../../support/file";
import { withVariables } from "../../support/shell";
import { systemdUnit } from "../../support/systemd";
import { credentialKeys, credentialsSecret } from "../common/credentials";
import { workloads } from "../common/network-policies";
import { identifiers } from "../common/settings";

/** Key prefix of the dumps in the bucket. */
const prefix = "postgres";

export interface NightlyDumpArgs {
  region: string;
  bucket: string;
  bucketArn: string;
  /** Namespace of the in-cluster Postgres. */
  namespace: string;
}

/** Returns the node task that runs a nightly `pg_dump` of the in-cluster Postgres to S3. */
export function nightlyDump({ region, bucket, bucketArn, namespace }: NightlyDumpArgs): NodeTask {
  return {
    files: {
      "/usr/local/sbin/tierstack-dump": withVariables(readScript(__dirname, "dump.sh"), {
        REGION: region,
        BUCKET: bucket,
        PREFIX: prefix,
        NAMESPACE: namespace,
        // The only pod of the StatefulSet. Its container has the same name as the workload.
        POD: `${workloads.server}-0`,
        CONTAINER: workloads.server,
        PASSWORD_SECRET: credentialsSecret,
        PASSWORD_KEY: credentialKeys.superuser,
        SUPERUSER: identifiers.superuser,
        DATABASE: identifiers.database,
      }),
      "/etc/systemd/system/tierstack-dump.service": systemdUnit({
        // Postgres may not be up yet when the timer catches up at boot. Gives up after an hour, until the next night.
        Unit: { Description: "Dump of Postgres to S3", StartLimitIntervalSec: "4h", StartLimitBurst: "12" },
        Service: {
          Type: "oneshot",
          ExecStart: "/usr/local/sbin/tierstack-dump",
          TimeoutStartSec: "4h",
          Restart: "on-failure",
          RestartSec: "300",
        },
      }),
      "/etc/systemd/system/tierstack-dump.timer": systemdUnit({
        Unit: { Description: "Nightly dump of Postgres" },
        // Persistent: a node that was down at night dumps once it is up again.
        Timer: { OnCalendar: "*-*-* 03:17:00 UTC", RandomizedDelaySec: "600", Persistent: "true" },
      }),
    },
    units: ["tierstack-dump.timer"],
    statements: [
      {
        Sid: "Dumps",
        Effect: "Allow",
        Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
        Resource: `${bucketArn}/${prefix}/*`,
      },
    ],
  };
}

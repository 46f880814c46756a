/** What drills expect, each figure once and with its source. */
import { archiveSeconds } from "../../components/postgres/archive/settings";
import type { StoreKind } from "../account/managed-stores";
import type { Prediction } from "./drill";

/** What a restore of the in-cluster Postgres has to move. */
export interface RestoreWork {
  /** Of the base backup and of the log since, as they are in the bucket. */
  copiedBytes: number;
  /** Of the running database. */
  databaseBytes: number;
  /** Files of the log since the base backup. */
  files: number;
}

/** Rates of a restore. */
export const restoreRates = {
  /** Bytes of the database that are unpacked, checked and recovered, a second: a third of docs/measured/drills.json at most. */
  databaseBytes: 3_000_000,
  /** Files of the log a second: each is unpacked to 16 MiB. Assumed. */
  files: 2,
  /** Bytes a second from the bucket to the operator, and from there to the pod: a line of 20 Mbit/s. Assumed. */
  copiedBytes: 2_500_000,
} as const;

/** Seconds for the pod, whose image is on the node, and for the server to start. */
const podSeconds = 60;

/** Seconds for the upload of a file of the log, beyond the time after which it ends. */
const uploadSeconds = 60;

/** What callers see of a restore, in the cluster and on RDS. */
const besideCallers =
  "nothing but reads of every table, twice: the backup is restored beside the product, which is read to compare";

/** How long a restore beside the server may take, and how many seconds of writes are lost with the volume. */
export function restorePrediction({ copiedBytes, databaseBytes, files }: RestoreWork): Prediction {
  const copies = (2 * copiedBytes) / restoreRates.copiedBytes;
  const recovery = databaseBytes / restoreRates.databaseBytes + files / restoreRates.files;
  return {
    rtoSeconds: Math.ceil(podSeconds + copies + recovery),
    rpoSeconds: archiveSeconds + uploadSeconds,
    callers: besideCallers,
    source: "docs/measured/drills.json, a line of 20 Mbit/s, and archive_timeout",
  };
}

/** A restore of RDS into an instance of its own. */
export const rdsRestorePrediction: Prediction = {
  rtoSeconds: 40 * 60,
  rpoSeconds: 10 * 60,
  callers: besideCallers,
  source:
    "the 40 min that Terraform's AWS provider waits for a restored instance (aws_db_instance, timeouts.create); Amazon RDS User Guide, " +
    "Restoring a DB instance to a specified time: restorable until 5 minutes ago, typically; twice that as RPO. Assumed",
};

const withoutPostgres = "requests that need it wait, or fail with 503 and Retry-After; what is cached is answered";
const withoutRedis = "no errors: nothing cached, nothing limited, and jobs that are submitted wait";

/** The loss of a store's pod in the cluster. It stops within a second, and starts again on the same node and volume. */
export const inClusterPredictions: Record<StoreKind, Prediction> = {
  postgres: {
    rtoSeconds: 120,
    rpoSeconds: 0,
    callers: withoutPostgres,
    source:
      "docs/measured/faults.json (a restart: back in a second), with a minute for the pod and one for recovery of the log; no " +
      "acknowledged write is lost: each is on the volume first",
  },
  redis: {
    rtoSeconds: 60,
    rpoSeconds: 1,
    callers: withoutRedis,
    source: "docs/measured/faults.json, with a minute for the pod; appendfsync everysec",
  },
};

/** The loss of a primary on RDS or ElastiCache, whose standby takes over. */
export const managedPredictions: Record<StoreKind, Prediction> = {
  postgres: {
    rtoSeconds: 120,
    rpoSeconds: 0,
    callers: withoutPostgres,
    source: "Amazon RDS User Guide, Failing over a Multi-AZ DB instance: 60 to 120 s; the standby is synchronous",
  },
  redis: {
    rtoSeconds: 60,
    rpoSeconds: 10,
    callers: withoutRedis,
    source:
      "docs/measured/faults.json (a queue's master: back in 5 s), with a margin for AWS, whose ElastiCache User Guide says seconds; " +
      "the replica is asynchronous. Assumed",
  },
};

/** Pods that a drain moves to other nodes. */
export interface DrainWork {
  /** The most that one Deployment or StatefulSet has among them: its disruption budget may allow one at a time. */
  mostOfOne: number;
  /** The longest time that one of them may take to stop, in seconds. */
  graceSeconds: number;
  /** Whether a pod of the application is on another node. */
  serves: boolean;
}

/** Seconds until a new node takes pods, and until a pod is ready there: what its startup probe allows. Estimated. */
const newNodeSeconds = 180;
const podReadySeconds = 120;

/** What a drain is expected to take until every pod is ready elsewhere. */
export const drainPrediction = ({ mostOfOne, graceSeconds, serves }: DrainWork): Prediction => ({
  rtoSeconds: newNodeSeconds + mostOfOne * (graceSeconds + podReadySeconds),
  rpoSeconds: 0,
  callers: serves
    ? "no pause of the application, which has a pod elsewhere; a store in the cluster is unavailable while it moves"
    : "errors until a pod of the application is ready on another node: it has none there now",
  source:
    "the pods' terminationGracePeriodSeconds and startup probe, one pod of a Deployment at a time, and 3 min for a new node. Estimated",
});

/** The loss of a region: a stack in the second one, and the copied backups restored into it. */
export const regionPrediction: Prediction = {
  rtoSeconds: 4 * 3600,
  rpoSeconds: 30 * 60,
  callers: "nothing is served, until there is a stack in the second region, with the data, under its own name",
  source: "AWS Prescriptive Guidance, Amazon RDS PITR snapshot replication: RPO 5 to 30 minutes, RTO up to a few hours",
};

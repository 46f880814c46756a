/** What drills expect, each figure once and with its source. */
import { archiveSeconds } from "../../components/postgres/archive/settings";
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

/** What a restore beside the server is expected to take, and what a lost volume would have taken with it. */
export function restorePrediction({ copiedBytes, databaseBytes, files }: RestoreWork): Prediction {
  const copies = (2 * copiedBytes) / restoreRates.copiedBytes;
  const recovery = databaseBytes / restoreRates.databaseBytes + files / restoreRates.files;
  return {
    rtoSeconds: Math.ceil(podSeconds + copies + recovery),
    rpoSeconds: archiveSeconds + uploadSeconds,
    callers:
      "nothing but reads of every table, twice: the restore is beside the product, and the product is read to compare",
    source: "docs/measured/drills.json, a line of 20 Mbit/s, and archive_timeout",
  };
}

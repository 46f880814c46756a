import { readScript } from "../../support/file";
import { withVariables } from "../../support/shell";
import { identifiers } from "../common/settings";

/** Size of a segment of the write-ahead log, in MiB: PostgreSQL's default. */
const segmentMiB = 16;

/** A segment that is not full is archived after this many seconds. What a lost volume takes with it, and little more. */
export const archiveSeconds = 60;

/** Names of the scripts among the server's configuration. */
export const archiveScript = "archive.sh";
export const restoreScript = "restore.sh";

/** Times 0.2 seconds that archive_command waits for the node; PostgreSQL asks again later. A stop waits for three calls. */
const waitTries = 100;

/** Places in the server's container. */
interface Places {
  volume: string;
  data: string;
  config: string;
  sockets: string;
}

/** Returns the settings of a server that archives. All but `archive_mode` take effect without a restart. */
export const archiveSettings = ({ config }: Pick<Places, "config">): Record<string, string> => ({
  archive_mode: "on",
  archive_command: `sh ${config}/${archiveScript} push "%p" "%f"`,
  archive_timeout: `${archiveSeconds}s`,
});

/** Lets a base backup read the data folder, from within the pod. */
export const archiveHba = `local replication ${identifiers.superuser} peer`;

/** Folder of the files that wait for the node. On the volume, for a file that waits is not lost with the pod. */
export const spoolOf = ({ volume }: Pick<Places, "volume">): string => `${volume}/archive`;

/** Returns the script that restores a backup beside the server. */
export const restoreProgram = (): string => readScript(__dirname, restoreScript);

/**
 * Returns the script that hands the log to the node.
 * @param walLimitMiB  log that waits for the node at most; beyond it, the archive gets a gap, and the volume does not fill
 */
export const archiveProgram = ({ volume, data, sockets }: Omit<Places, "config">, walLimitMiB: number): string =>
  withVariables(readScript(__dirname, archiveScript), {
    DATA: data,
    SPOOL: spoolOf({ volume }),
    SOCKETS: sockets,
    SUPERUSER: identifiers.superuser,
    DATABASE: identifiers.database,
    MOST_WAITING: String(Math.floor(walLimitMiB / segmentMiB)),
    WAIT_TRIES: String(waitTries),
  });

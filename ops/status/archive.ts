/** The archive of the in-cluster Postgres: what waits for the node, and what was left out. */
import { archiveScript, spoolOf } from "../../components/postgres/archive/settings";
import { folders } from "../../components/postgres/cluster/config";
import { serverName } from "../../components/postgres/cluster/pod";
import { count } from "../../planner/views/text";
import { thresholds } from "../../tiers/thresholds";
import { spelled } from "../duration";
import type { ConfigMap } from "../kube/objects";
import { ask, serverOf } from "../sql";
import type { World } from "../world";
import type { Finding } from "./finding";

const help = "docs/backups.md#full";

/** What the server says of its archive. Ages are in seconds. */
export interface Archive {
  /** Files of the log that wait for the node, and for how long the oldest does; null where none waits. */
  waiting: number;
  oldestSeconds: number | null;
  /** Age of the newest file that was archived; null where none was. */
  newestSeconds: number | null;
  /** Whether files were left out, and the node has not asked for a base backup yet. */
  gap: boolean;
}

/** Whether the node takes the log of an in-cluster Postgres. */
export async function archives({ kube, namespaces }: Pick<World, "kube" | "namespaces">): Promise<boolean> {
  const map = await kube.find<ConfigMap>(`/api/v1/namespaces/${namespaces.data}/configmaps/${serverName}`);
  return map?.data?.[archiveScript] !== undefined;
}

const age = (time: string) => `extract(epoch FROM clock_timestamp() - ${time})`;

/** SQL that answers with an `Archive`, by the folder of the files that wait for the node. */
export const archiveQuestion = (
  spool: string,
): string => `SELECT json_build_object('waiting', count(*), 'oldestSeconds', ${age("min(modification)")},
  'newestSeconds', (SELECT ${age("last_archived_time")} FROM pg_stat_archiver),
  'gap', EXISTS (SELECT FROM pg_ls_dir('${spool}', true, false) AS file WHERE file LIKE '%.gap.gz'))
FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'`;

/** Asks the server. @throws Failure where it does not answer */
export async function archiveOf(world: World): Promise<Archive> {
  const lines = await ask(world.reach, serverOf(world), archiveQuestion(spoolOf(folders)));
  return JSON.parse(lines.join("\n")) as Archive;
}

export function archiveFindings({ waiting, oldestSeconds, newestSeconds, gap }: Archive, nowMs: number): Finding[] {
  const late = oldestSeconds !== null && oldestSeconds >= thresholds.backup.logMinutes * 60;
  const newest =
    newestSeconds === null ? "none is in the bucket" : `the newest in the bucket is ${spelled(newestSeconds)} old`;
  return [
    ...(late
      ? [
          {
            what: `${count(waiting, "file")} of the write-ahead log ${waiting === 1 ? "waits" : "wait"} for the node; ${newest}`,
            sinceMs: nowMs - oldestSeconds * 1000,
            help,
          },
        ]
      : []),
    ...(gap
      ? [{ what: "files of the write-ahead log were left out, and no base backup has been made since", help }]
      : []),
  ];
}

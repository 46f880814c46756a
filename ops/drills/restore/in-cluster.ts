/** The restore of the in-cluster Postgres: from the bucket, into a pod beside the server. */
import { setTimeout as sleep } from "node:timers/promises";
import { archiveSeconds, restoreScript } from "../../../components/postgres/archive/settings";
import { folders } from "../../../components/postgres/cluster/config";
import { workloads } from "../../../components/postgres/common/network-policies";
import { restoreFolder, restoreName, restorePod } from "../../../components/postgres/restore/restore-pod";
import { count } from "../../../planner/views/text";
import { moment, spelled } from "../../duration";
import { Failure } from "../../failure";
import { apps } from "../../kube/workloads";
import { ask, serverOf } from "../../sql";
import { commandIn, type World } from "../../world";
import type { Looking, Outcome, Prepared } from "../drill";
import { restorePrediction } from "../expectations";
import { type Backup, copied, newestBackup } from "./copy";
import { expectNoPod, withPod } from "./pod";
import { comparison, differences, type Survey, surveyed } from "./survey";

/** What is asked of the running server before anything is done. */
interface Live {
  system: string;
  bytes: number;
  archives: boolean;
}

async function look(world: World): Promise<Live> {
  const { kube, namespaces, reach } = world;
  if (!(await kube.exists(`${apps(namespaces.data)}/statefulsets/${workloads.server}`)))
    throw new Failure({
      where: "drill restore",
      given: `no Postgres in namespace ${namespaces.data}`,
      allowed: "a stack with its Postgres in the cluster, which archives to a bucket, or on RDS",
      fix: world.stack ? commandIn(world, "status") : "name the stack with -s: its outputs say where RDS is",
    });
  const sql = `SELECT json_build_object('system', (SELECT system_identifier::text FROM pg_control_system()),
    'bytes', pg_database_size(current_database()), 'archives', current_setting('archive_mode') <> 'off')`;
  const [line = "{}"] = await ask(reach, serverOf(world), sql);
  return JSON.parse(line) as Live;
}

/** Seconds until a file of the log has to be in the bucket; then the drill gives up. */
const archiveLimitSeconds = 5 * archiveSeconds;

/**
 * Writes to the log alone, and waits until that is in the bucket: what is committed then is lost with the volume until then.
 * Returns the seconds that it took, by the server's clock.
 */
async function secondsToBucket(world: World): Promise<number> {
  const server = serverOf(world);
  const [line = ""] = await ask(
    world.reach,
    server,
    `SELECT FROM pg_logical_emit_message(true, 'tierstack', 'drill');
    SELECT json_build_array(pg_walfile_name(pg_current_wal_insert_lsn()), clock_timestamp());`,
  );
  const [file, committed] = JSON.parse(line) as [string, string];
  const sql = `SELECT extract(epoch FROM last_archived_time - '${committed}') FROM pg_stat_archiver
    WHERE last_archived_wal >= '${file}'`;
  for (let left = archiveLimitSeconds; left > 0; left--) {
    const [seconds] = await ask(world.reach, server, sql);
    if (seconds !== undefined) return Math.max(0, Number(seconds));
    await sleep(1000);
  }
  throw new Failure({
    where: "archive of Postgres",
    given: `a write that is not in the bucket after ${spelled(archiveLimitSeconds)}`,
    allowed: `one that is there after ${spelled(archiveSeconds)} and its upload`,
    fix: "docs/backups.md#full, and journalctl -u tierstack-wal on the node",
  });
}

const secondsSince = (begin: number) => (performance.now() - begin) / 1000;

interface Restored {
  survey: Survey;
  seconds: Record<"copy" | "restore" | "total", number>;
}

/** Restores a backup in a pod of its own, and reads what came back. */
async function restoreBeside(world: World, backup: Backup, oldest: string): Promise<Restored> {
  const begin = performance.now();
  return withPod(world, { pod: restorePod(world.namespaces.data) }, async (pod) => {
    const started = performance.now();
    await copied(world, backup, pod);
    const copy = secondsSince(started);
    const program = ["sh", `${folders.config}/${restoreScript}`, restoreFolder];
    const { code, stderr } = await world.reach.run(pod, program);
    if (code !== 0) throw new Failure(stderr.trim().split("\n").at(-1) || `${restoreScript} ended with code ${code}`);
    const total = secondsSince(begin);
    const restore = secondsSince(started) - copy;
    const survey = await surveyed(world.reach, { workload: pod, psql: ["-h", restoreFolder] }, oldest);
    return { survey, seconds: { copy, restore, total } };
  });
}

async function exercise(world: World, live: Live): Promise<Outcome> {
  const server = serverOf(world);
  const before = await surveyed(world.reach, server);
  // After the survey: what it saw is in the bucket once this is.
  const rpoSeconds = await secondsToBucket(world);
  const backup = await newestBackup(world, live.system);
  const { survey: restored, seconds } = await restoreBeside(world, backup, before.oldest);
  const after = await surveyed(world.reach, server, before.oldest);
  const surveys = { before, restored, after };
  return {
    rtoSeconds: seconds.total,
    rpoSeconds,
    seen: [
      ...comparison(surveys),
      `Copied in ${spelled(seconds.copy)}, checked and restored in ${spelled(seconds.restore)}. A write was in the bucket after ${spelled(rpoSeconds)}.`,
    ],
    wrong: differences(surveys),
  };
}

/** Looks at the server and its newest backup. @throws Failure where there is none to restore */
export async function inCluster({ world, say }: Looking): Promise<Prepared> {
  const live = await look(world);
  if (!live.archives)
    throw new Failure({
      where: "Postgres in the cluster",
      given: "a server that does not archive",
      allowed: "one with a bucket, as at MVP",
      fix: "make backups yourself: docs/existing-cluster.md",
    });
  await expectNoPod(world, restoreName);
  const { bucket, base, log, ...backup } = await newestBackup(world, live.system);
  const copiedBytes = [base, ...log].reduce((sum, { bytes }) => sum + bytes, 0);
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  say(
    `Backup: s3://${bucket}/${base.key}, complete since ${moment(base.modifiedMs)}, and ${count(log.length, "file")} of the log of ` +
      `server ${backup.system}: ${megabytes(copiedBytes)} of a database of ${megabytes(live.bytes)}.`,
  );
  return {
    prediction: restorePrediction({ copiedBytes, databaseBytes: live.bytes, files: log.length }),
    what: "restore it in a pod beside the server, compare it with the running database, and delete it",
    does: () => exercise(world, live),
  };
}

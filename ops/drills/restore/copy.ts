/** Brings a base backup and the log since from the bucket into the pod in which they are restored. */
import { createReadStream, mkdtempSync } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { prefixes } from "../../../components/postgres/dumps/prefixes";
import { restoreFolder } from "../../../components/postgres/restore/restore-pod";
import type { Stored } from "../../account/backups";
import { Failure } from "../../failure";
import { runLocally } from "../../local";
import type { Workload } from "../../reach/reach";
import type { World } from "../../world";
import { always, unlessEnding } from "../always";

/** A base backup with the log since it began. */
export interface Backup {
  bucket: string;
  /** Of the server: the log is below it. */
  system: string;
  base: Stored;
  /** What the bucket had of the log when it was looked at. */
  log: Stored[];
}

/** A name of a base backup says when it began: `postgres/base/2026-11-29T031712Z.tar.gz`. */
const beganMs = ({ key }: Stored) =>
  Date.parse(
    basename(key).replace(/^(.{10}T..)(..)(..)Z.*$/, (_, hour, minute, second) => `${hour}:${minute}:${second}Z`),
  );

/** The newest base backup of a server, and the log since. @throws Failure where there is none */
export async function newestBackup({ account: { backups } }: World, system: string): Promise<Backup> {
  const bucket = await backups.bucketOf(system);
  const base = (await backups.list(bucket, `${prefixes.base}/`)).at(-1);
  if (!base)
    throw new Failure({
      where: `s3://${bucket}/${prefixes.base}/`,
      given: "no base backup",
      allowed: "one, which the node makes each night and at the beginning",
      fix: "docs/backups.md#see-that-they-are-made",
    });
  const began = beganMs(base);
  const log = await backups.list(bucket, `${prefixes.wal}/${system}/`);
  return { bucket, system, base, log: log.filter(({ modifiedMs }) => modifiedMs >= began) };
}

/** Runs a program on this machine. Returns what it writes. @throws Failure with its last line */
async function run(program: string, ...words: string[]): Promise<string> {
  try {
    return await runLocally(program, words);
  } catch (error) {
    throw new Failure(`${program}: ${(error as Error).message}`);
  }
}

/** Digits of a file of the log that say where it is; the eight before say on which timeline. */
const positionOf = (file: string) => file.slice(8, 24);

/** Patterns of the names of the log from a file on: one for each 256 files, and what tells the timelines. */
export function patternsFrom(first: string, keys: readonly string[]): string[] {
  const files = keys.map((key) => basename(key)).filter((name) => /^[0-9A-F]{24}\.gz$/.test(name));
  const needed = files.filter((name) => positionOf(name) >= positionOf(first));
  return [...new Set(needed.map((name) => `${name.slice(0, 22)}*.gz`)), "*.history.gz"];
}

/** Copies a backup into a folder here: `base.tar.gz` and `wal/`, as `restore.sh` takes them. */
async function fetch({ account: { backups } }: World, { bucket, system, base }: Backup, folder: string): Promise<void> {
  const file = join(folder, "base.tar.gz");
  await backups.copy(bucket, base.key, file);
  const label = await run("tar", "-xzOf", file, "backup_label");
  const [, first] = /^START WAL LOCATION: .*\(file ([0-9A-F]{24})\)$/m.exec(label) ?? [];
  if (first === undefined) throw new Failure(`${base.key}: its backup_label names no file of the log`);
  const prefix = `${prefixes.wal}/${system}/`;
  // Later than the first look: the log has gone on.
  const keys = (await backups.list(bucket, prefix)).map(({ key }) => key);
  await mkdir(join(folder, "wal"));
  await backups.copyMatching(bucket, prefix, patternsFrom(first, keys), join(folder, "wal"));
}

/** Copies a backup into a folder here, as one file. Returns its path. */
async function packed(world: World, backup: Backup, folder: string): Promise<string> {
  await fetch(world, backup, folder);
  const archive = join(folder, "backup.tar");
  await run("tar", "-cf", archive, "-C", folder, "base.tar.gz", "wal");
  return archive;
}

/** How the folders begin that have a copied backup for a time, in the system's folder for temporary files. */
export const copyNames = "tierstack-drill-";

/** Copies a backup from the bucket to here and into a pod. Leaves nothing here. */
export async function copied(world: World, backup: Backup, pod: Workload): Promise<void> {
  await unlessEnding();
  // Without a pause before `always`, so that no signal comes between.
  const folder = mkdtempSync(join(tmpdir(), copyNames));
  const packing = packed(world, backup, folder);
  return always(
    async () => {
      const archive = await packing;
      const { size } = await stat(archive);
      const unpack = ["sh", "-c", `head -c "$1" | tar -x --no-same-owner -C ${restoreFolder}`, "sh", String(size)];
      const { code, stderr } = await world.reach.run(pod, unpack, createReadStream(archive));
      if (code !== 0) throw new Failure(`${pod.name}: the backup was not copied: ${stderr.trim().split("\n")[0]}`);
    },
    async () => {
      // A program that is still running would write there again.
      await packing.catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  );
}

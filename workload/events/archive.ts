import type { Client } from "../stores/postgres";
import { type Content, compress, contentOf, linesOf } from "./export";
import { detach, duePartitions, type Partition } from "./partitions";
import type { Archive } from "./storage";

/** What stores and returns objects. */
export type Bucket = Pick<Archive, "put" | "get">;

/** Returns where a partition goes: a folder a year, so that a year can be read or deleted as a whole. */
const objectOf = ({ name, from }: Partition) => `events/${from.getUTCFullYear()}/${name}.ndjson.gz`;

/** The archive does not have what the partition has. The partition is kept. */
class ArchiveMismatch extends Error {
  constructor(partition: string, object: string, wanted: Content, found: Content) {
    super(
      `${partition}: ${object} has ${found.rows} rows with hash ${found.sha256}, the partition ${wanted.rows} with ` +
        `${wanted.sha256}; it is kept, and the next run uploads it again`,
    );
  }
}

// As a number for every driver: exact up to 2^53.
const recorded = "SELECT rows::float8 AS rows, sha256 FROM event_archives WHERE partition = $1";
const record = `
  INSERT INTO event_archives (partition, object, rows, sha256) VALUES ($1, $2, $3, $4)
  ON CONFLICT (partition) DO UPDATE SET object = $2, rows = $3, sha256 = $4, archived_at = now()`;

async function upload(client: Client, archive: Bucket, partition: Partition): Promise<Content> {
  const object = objectOf(partition);
  const content = await compress(linesOf(client, partition.name), (compressed) => archive.put(object, compressed));
  await client.query(record, [partition.name, object, content.rows, content.sha256]);
  return content;
}

/**
 * Moves a partition to the archive: takes it out of the table, uploads it, reads the object back, and drops the partition
 * if rows and hash agree. Killed at any step, the next run goes on from there.
 */
async function archivePartition(client: Client, archive: Bucket, partition: Partition): Promise<Content> {
  const { name } = partition;
  await detach(client, partition);
  const { rows } = await client.query<Content>(recorded, [name]);
  const wanted = rows[0] ?? (await upload(client, archive, partition));
  const found = await contentOf(await archive.get(objectOf(partition)));
  if (found.rows !== wanted.rows || found.sha256 !== wanted.sha256) {
    await client.query("DELETE FROM event_archives WHERE partition = $1", [name]);
    throw new ArchiveMismatch(name, objectOf(partition), wanted, found);
  }
  await client.query(`DROP TABLE ${name}`);
  return found;
}

/**
 * Archives every partition that is older than the retention.
 * @returns rows by partition
 * @throws ArchiveMismatch  where an object is not what was uploaded
 */
export async function archiveEvents(
  client: Client,
  archive: Bucket,
  now: Date,
  retentionMonths: number,
): Promise<Record<string, number>> {
  const archived: Record<string, number> = {};
  for (const partition of await duePartitions(client, now, retentionMonths))
    archived[partition.name] = (await archivePartition(client, archive, partition)).rows;
  return archived;
}

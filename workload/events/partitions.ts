import { type Client, transaction } from "../stores/postgres";

/** A partition of `events`: the events of a month in UTC. */
export interface Partition {
  name: string;
  /** The month's first moment, and the next month's. */
  from: Date;
  to: Date;
}

/** Months that have a partition before they begin: a job that fails for weeks stops no writes. */
const monthsAhead = 3;

const monthOf = (date: Date, more: number) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + more, 1));

/** Returns the partition of a moment, or of a month before or after it. */
export function partitionOf(date: Date, more = 0): Partition {
  const from = monthOf(date, more);
  const name = `events_${from.toISOString().slice(0, 7).replace("-", "_")}`;
  return { name, from, to: monthOf(date, more + 1) };
}

/** Returns the partition with this name; undefined for other tables. */
export function partitionNamed(name: string): Partition | undefined {
  const [, year, month] = /^events_(\d{4})_(0[1-9]|1[0-2])$/.exec(name) ?? [];
  return year && month ? partitionOf(new Date(`${year}-${month}-01T00:00:00Z`)) : undefined;
}

/**
 * Whether a partition's last event is older than the retention.
 * @param retentionMonths  whole months that are kept beside the current one
 */
export const isDue = ({ to }: Partition, now: Date, retentionMonths: number) => to <= monthOf(now, -retentionMonths);

const attachedTo = "SELECT FROM pg_inherits WHERE inhparent = 'events'::regclass AND inhrelid = to_regclass($1)";

async function isAttached(client: Client, { name }: Pick<Partition, "name">): Promise<boolean> {
  return (await client.query(attachedTo, [name])).rowCount === 1;
}

/** Key of the advisory lock of what creates partitions. */
const creating = 7_305_117;

/**
 * Creates partitions for the current month and those ahead. Attaching a table that stands already takes no lock that
 * reads or writes wait for; `CREATE TABLE ... PARTITION OF` would. Several at once wait for each other.
 * @returns the names of those that were missing
 */
export async function createPartitions(client: Client, now: Date, ahead = monthsAhead): Promise<string[]> {
  return transaction(client, "BEGIN", async () => {
    const created: string[] = [];
    await client.query("SELECT pg_advisory_xact_lock($1)", [creating]);
    for (let more = 0; more <= ahead; more++) {
      const partition = partitionOf(now, more);
      if (await isAttached(client, partition)) continue;
      const { name, from, to } = partition;
      await client.query(`CREATE TABLE IF NOT EXISTS ${name} (LIKE events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
      await client.query(
        `ALTER TABLE events ATTACH PARTITION ${name} FOR VALUES FROM ('${from.toISOString()}') TO ('${to.toISOString()}')`,
      );
      created.push(name);
    }
    return created;
  });
}

const tables =
  "SELECT relname AS name FROM pg_class WHERE relname LIKE 'events\\_%' AND relkind = 'r' ORDER BY relname";

/** Returns the partitions, detached ones too, that are older than the retention, the oldest first. */
export async function duePartitions(client: Client, now: Date, retentionMonths: number): Promise<Partition[]> {
  const { rows } = await client.query<{ name: string }>(tables);
  const known = rows.flatMap(({ name }) => partitionNamed(name) ?? []);
  return known.filter((partition) => isDue(partition, now, retentionMonths));
}

/**
 * Takes a partition out of `events`, so that nothing more is written to it. Gives up after two seconds behind a long
 * query instead of making everything else wait with it; the next run tries again.
 */
export async function detach(client: Client, partition: Partition): Promise<void> {
  if (!(await isAttached(client, partition))) return;
  await transaction(client, "BEGIN", async () => {
    await client.query("SET LOCAL lock_timeout = '2s'");
    await client.query(`ALTER TABLE events DETACH PARTITION ${partition.name}`);
  });
}

import { arrival } from "./arrival";
import { replicated, type Table, tablesOf } from "./catalogue";
import type { SideName } from "./decide";
import type { Asker } from "./fence";

/** Count and hash of the rows of each bucket of a table. */
export type Buckets = Map<number, string>;

/** Rows to a bucket, about: what is fetched row by row where a bucket differs. */
const rowsPerBucket = 2000;
/** Buckets whose rows are compared at a time. */
const bucketsAtOnce = 64;
/** Rounds in which a row must differ, though unchanged, to be a difference. */
const rounds = 3;
/** Milliseconds for a row to arrive. */
const arrivalLimitMs = 120_000;

export const bucketCount = (rows: number): number => Math.max(1, Math.min(4096, Math.ceil(rows / rowsPerBucket)));

/** md5 is the same in every version; PostgreSQL's own hash functions need not be. */
const number = (text: string, bits: number) => `('x' || substr(md5(${text}), 1, ${bits / 4}))::bit(${bits})`;
const rowText = ({ columns }: Table) => `ROW(${columns.join(", ")})::text`;
const identity = (table: Table) => (table.key.length > 0 ? `ROW(${table.key.join(", ")})::text` : rowText(table));
const bucketOf = (table: Table, count: number) => `(${number(identity(table), 24)}::int % ${count})`;

/** Sums do not depend on the order of the rows, so no side sorts. */
function bucketsSql(table: Table, count: number): string {
  return `SELECT ${bucketOf(table, count)} AS bucket, count(*) || ':' || sum(${number(rowText(table), 64)}::bigint) AS hash
    FROM ${table.name} GROUP BY 1`;
}

const rowsSql = (table: Table, count: number) =>
  `SELECT md5(${identity(table)}) AS id, count(*) || ':' || sum(${number(rowText(table), 64)}::bigint) AS hash
   FROM ${table.name} WHERE ${bucketOf(table, count)} = ANY($1) GROUP BY 1`;

async function bucketsIn(asker: Asker, table: Table, count: number): Promise<Buckets> {
  const rows = await asker.query<{ bucket: number; hash: string }>(bucketsSql(table, count));
  return new Map(rows.map(({ bucket, hash }) => [bucket, hash]));
}

/** Keys at which two maps differ. */
export function differing<K>(here: Map<K, string>, there: Map<K, string>): K[] {
  return [...new Set([...here.keys(), ...there.keys()])].filter((key) => here.get(key) !== there.get(key));
}

/**
 * Rows that the side followed had before and after, and that the other did not have in between: differences, and not writes
 * on their way.
 */
export function settledDifferences(
  before: Map<string, string>,
  there: Map<string, string>,
  after: Map<string, string>,
) {
  return differing(before, there).filter((id) => before.get(id) === after.get(id));
}

export interface Verified {
  tables: number;
  rows: number;
  /** `table: what differs`. */
  differences: string[];
}

const rowsOf = (buckets: Buckets) => [...buckets.values()].reduce((sum, hash) => sum + Number(hash.split(":")[0]), 0);

/** Compares the tables in two snapshots of the same moment. */
export async function compareExactly(from: Asker, to: Asker, tables: Table[]): Promise<Verified> {
  const result: Verified = { tables: tables.length, rows: 0, differences: [] };
  for (const table of tables) {
    const count = bucketCount(table.rows);
    const [here, there] = await Promise.all([from, to].map((side) => bucketsIn(side, table, count)));
    const differ = differing(here as Buckets, there as Buckets);
    result.rows += rowsOf(here as Buckets);
    if (differ.length > 0) {
      const counts = [here, there].map((buckets) => rowsOf(buckets as Buckets));
      result.differences.push(`${table.name}: ${differ.length} of ${count} parts, ${counts.join(" and ")} rows`);
    }
  }
  return result;
}

interface Pair {
  from: Asker;
  to: Asker;
  /** The side that clients write to. */
  side: SideName;
}

async function suspects(pair: Pair, table: Table, count: number, buckets: number[]): Promise<string[]> {
  const rows = async (asker: Asker) => {
    const found = await asker.query<{ id: string; hash: string }>(rowsSql(table, count), [buckets]);
    return new Map(found.map(({ id, hash }) => [id, hash]));
  };
  const before = await rows(pair.from);
  await arrival(pair.from, pair.to, pair.side, arrivalLimitMs);
  const there = await rows(pair.to);
  return settledDifferences(before, there, await rows(pair.from));
}

/** Rows of a table that stay different. */
async function compareLive(pair: Pair, table: Table): Promise<{ rows: number; different: number }> {
  const count = bucketCount(table.rows);
  const here = await bucketsIn(pair.from, table, count);
  await arrival(pair.from, pair.to, pair.side, arrivalLimitMs);
  const differ = differing(here, await bucketsIn(pair.to, table, count));
  let different = 0;
  for (let at = 0; at < differ.length; at += bucketsAtOnce) {
    const part = differ.slice(at, at + bucketsAtOnce);
    let ids = await suspects(pair, table, count, part);
    for (let round = 1; round < rounds && ids.length > 0; round++) {
      const again = new Set(await suspects(pair, table, count, part));
      ids = ids.filter((id) => again.has(id));
    }
    different += ids.length;
  }
  return { rows: rowsOf(here), different };
}

/** Compares every table while clients write. Parts that differ are compared again, row by row. */
export async function verifyLive(pair: Pair): Promise<Verified> {
  const tables = replicated(await tablesOf(pair.from));
  const result: Verified = { tables: tables.length, rows: 0, differences: [] };
  for (const table of tables) {
    const { rows, different } = await compareLive(pair, table);
    result.rows += rows;
    if (different > 0) result.differences.push(`${table.name}: ${different} rows`);
  }
  return result;
}

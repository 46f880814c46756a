import type { Asker } from "./fence";
import { schema } from "./ledger";

/** Schemas of the user, as a condition on pg_namespace `n`. */
export const userSchemas = `n.nspname <> '${schema}' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;
/** What no extension owns, as a condition on an object of a catalogue. */
export const ownObject = (catalogue: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalogue}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;

export interface Table {
  /** Quoted, with its schema. */
  name: string;
  oid: number;
  unlogged: boolean;
  /** Bytes with indexes. */
  bytes: number;
  /** Estimated. */
  rows: number;
  /** Quoted columns of the key that replication finds rows by; none: the whole row. */
  key: string[];
  /** Quoted columns. */
  columns: string[];
}

const tablesSql = `
  SELECT format('%I.%I', n.nspname, c.relname) AS name, c.oid::int8::float8 AS oid, c.relpersistence = 'u' AS unlogged,
    pg_total_relation_size(c.oid)::float8 AS bytes, greatest(c.reltuples, 0)::float8 AS rows,
    coalesce((SELECT json_agg(format('%I', a.attname) ORDER BY a.attnum) FROM pg_index i
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
      WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate), '[]') AS key,
    coalesce((SELECT json_agg(format('%I', a.attname) ORDER BY a.attname) FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]') AS columns
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND ${userSchemas} AND ${ownObject("pg_class", "c.oid")}
  ORDER BY 1`;

/** Every table that has rows of its own: partitions, and not what is partitioned. */
export const tablesOf = (asker: Asker): Promise<Table[]> => asker.query<Table>(tablesSql);

/** Tables with data to move. */
export const replicated = (tables: Table[]): Table[] => tables.filter(({ unlogged }) => !unlogged);

/** Quoted names of the sequences, those of identity columns with them. */
export async function sequencesOf(asker: Asker): Promise<string[]> {
  const rows = await asker.query<{ name: string }>(`
    SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND ${userSchemas} AND ${ownObject("pg_class", "c.oid")} ORDER BY 1`);
  return rows.map(({ name }) => name);
}

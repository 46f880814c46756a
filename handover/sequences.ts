import { literal } from "./database";
import type { Asker } from "./fence";

/** The statement that reads every sequence at once, as JSON. */
export function readSequences(names: string[]): string {
  const each = names.map(
    (name) => `SELECT ${literal(name)} AS name, last_value AS value, is_called AS called FROM ${name}`,
  );
  return `SELECT coalesce(json_agg(s), '[]') AS values FROM (${each.join(" UNION ALL ")}) s`;
}

/**
 * Gives the sequences of a side the values of the other's, behind whose fence they stand still: no gap is needed. Values that
 * a session has in its cache are counted as used on the server.
 */
export async function copySequences(from: Asker, to: Asker, names: string[]): Promise<void> {
  if (names.length === 0) return;
  const [row] = await from.query<{ values: unknown }>(readSequences(names));
  await to.query(
    `SELECT setval(s.name::regclass, s.value, s.called)
     FROM json_to_recordset($1) AS s(name text, value bigint, called boolean)`,
    [JSON.stringify(row?.values)],
  );
}

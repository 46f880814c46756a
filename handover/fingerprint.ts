import { ownObject, userSchemas } from "./catalogue";
import type { Asker } from "./fence";

const relation = "format('%I.%I', n.nspname, c.relname)";
const ofUser = `JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${userSchemas} AND c.relpersistence <> 't'
  AND ${ownObject("pg_class", "c.oid")}`;

/**
 * What must be equal on both sides, a line for each: `kind name definition`. Definitions that majors print differently, those
 * of views above all, are left out; so are the NOT NULL constraints that 18 lists beside the columns.
 */
const linesSql = `
  SELECT format('table %s %s %s', ${relation}, c.relkind, c.relpersistence) AS line
    FROM pg_class c ${ofUser} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  UNION ALL
  SELECT format('column %s.%I %s %s %s %s%s', ${relation}, a.attname, format_type(a.atttypid, a.atttypmod),
      CASE WHEN a.attnotnull THEN 'not null' END, pg_get_expr(def.adbin, def.adrelid), a.attgenerated, a.attidentity)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef def ON def.adrelid = c.oid AND def.adnum = a.attnum
    ${ofUser} AND c.relkind IN ('r', 'p', 'v', 'm')
  UNION ALL
  SELECT format('index %s %s', x.relname, pg_get_indexdef(i.indexrelid))
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid ${ofUser}
  UNION ALL
  SELECT format('constraint %s %I %s', ${relation}, k.conname, pg_get_constraintdef(k.oid))
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid ${ofUser} AND k.contype IN ('c', 'f', 'p', 'u', 'x')
  UNION ALL
  SELECT format('trigger %s', pg_get_triggerdef(t.oid)) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    ${ofUser} AND NOT t.tgisinternal
  UNION ALL
  SELECT format('sequence %s %s %s', ${relation}, s.seqincrement, s.seqmax)
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid ${ofUser}
  UNION ALL
  SELECT format('function %I.%I(%s) %s', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), md5(p.prosrc))
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE ${userSchemas} AND ${ownObject("pg_proc", "p.oid")}
  UNION ALL
  SELECT format('enum %I.%I %s', n.nspname, t.typname, (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
      FROM pg_enum e WHERE e.enumtypid = t.oid))
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e' AND ${userSchemas} AND ${ownObject("pg_type", "t.oid")}`;

/** One value for the whole schema, in one short answer: for the pause. */
export async function fingerprint(asker: Asker): Promise<string> {
  const sql = `SELECT md5(string_agg(line, E'\\n' ORDER BY line COLLATE "C")) AS hash FROM (${linesSql}) l`;
  const [row] = await asker.query<{ hash: string | null }>(sql);
  return row?.hash ?? "";
}

/** What one side has and the other has not. */
export function differenceOf(source: string[], target: string[]): string[] {
  const [here, there] = [new Set(source), new Set(target)];
  return [
    ...source.filter((line) => !there.has(line)).map((line) => `the source alone has ${line.trim()}`),
    ...target.filter((line) => !here.has(line)).map((line) => `the target alone has ${line.trim()}`),
  ];
}

async function lines(asker: Asker): Promise<string[]> {
  return (await asker.query<{ line: string }>(linesSql)).map(({ line }) => line).sort();
}

export async function schemaDifference(source: Asker, target: Asker): Promise<string[]> {
  const [here, there] = await Promise.all([lines(source), lines(target)]);
  return differenceOf(here, there);
}

/** What is in a database, so that two of them can be compared: rows and checksums, schema and extensions. */
import { count } from "../../../planner/views/text";
import type { Reach } from "../../reach/reach";
import { ask, type Server } from "../../sql";

interface Table {
  rows: number;
  /** Rows that were written by transactions before the oldest one that ran at the first survey. */
  old: number;
  /** Sum of the hashes of those. */
  sum: string;
}

export interface Survey {
  /** The oldest transaction that ran at the first survey. Each earlier one had ended. */
  oldest: string;
  /** Names with versions. */
  extensions: string[];
  /** Checksum of columns, indexes and constraints. */
  schema: string;
  /** By name, with the schema. */
  tables: Map<string, Table>;
}

type Line =
  | ["oldest", string]
  | ["extensions", string[]]
  | ["schema", string]
  | ["table", string, number, number, string];

const outside = "NOT IN ('pg_catalog', 'information_schema')";

/**
 * SQL of a survey. It runs without a statement_timeout, but not on without its client: that may be interrupted in a large table. Its text does not depend on a server's settings. Transaction IDs
 * in a row have 32 bits: enough for the first four billion transactions of a database.
 */
const surveySql = (oldest: string) => `
SET statement_timeout = 0; SET client_connection_check_interval = '5s'; SET timezone = 'UTC'; SET datestyle = 'ISO'; SET intervalstyle = 'iso_8601';
SET extra_float_digits = 1; SET bytea_output = 'hex';
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT coalesce(nullif('${oldest}', ''), pg_snapshot_xmin(pg_current_snapshot())::text) AS oldest \\gset
SELECT json_build_array('oldest', :'oldest');
SELECT json_build_array('extensions', coalesce(json_agg(extname || ' ' || extversion ORDER BY extname), '[]'))
  FROM pg_extension;
SELECT json_build_array('schema', md5(coalesce(string_agg(line, E'\\n' ORDER BY line COLLATE "C"), ''))) FROM (
  SELECT concat_ws(' ', table_schema, table_name, column_name, data_type, is_nullable, column_default) AS line
    FROM information_schema.columns WHERE table_schema ${outside}
  UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname ${outside}
  UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(c.oid)
    FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace WHERE nspname ${outside}) lines;
SELECT format('SELECT json_build_array(''table'', %L, count(*), count(*) FILTER (WHERE old),
    coalesce(sum(hash) FILTER (WHERE old), 0)::text)
  FROM (SELECT one_row.xmin::text::bigint < %s AS old, hashtextextended(one_row::text, 0)::numeric AS hash
    FROM ONLY %I.%I one_row) all_rows', nspname || '.' || relname, :'oldest', nspname, relname)
  FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
  WHERE relkind = 'r' AND relpersistence = 'p' AND nspname ${outside} ORDER BY nspname, relname \\gexec
COMMIT;
`;

/**
 * Reads every table of a database once.
 * @param oldest  that of the first survey @default this is the first
 */
export async function surveyed(reach: Reach, server: Server, oldest = ""): Promise<Survey> {
  const survey: Survey = { oldest, extensions: [], schema: "", tables: new Map() };
  for (const line of await ask(reach, server, surveySql(oldest))) {
    const parsed = JSON.parse(line) as Line;
    if (parsed[0] === "oldest") survey.oldest = parsed[1];
    else if (parsed[0] === "extensions") survey.extensions = parsed[1];
    else if (parsed[0] === "schema") survey.schema = parsed[1];
    else survey.tables.set(parsed[1], { rows: parsed[2], old: parsed[3], sum: parsed[4] });
  }
  return survey;
}

/** The running database before the restore, what was restored, and the running database after it. */
export interface Surveys {
  before: Survey;
  restored: Survey;
  after: Survey;
}

const gone: Table = { rows: 0, old: 0, sum: "0" };

/** What a table of the restored database lacks. */
function lacks(name: string, { before, restored, after }: Surveys): string | undefined {
  const [first, back, last] = [before, restored, after].map(({ tables }) => tables.get(name));
  // It was dropped meanwhile.
  if (!first || (!back && !last)) return undefined;
  if (!back) return `table ${name} is not restored`;
  // Of these rows there can only be fewer with time: the restored database has at most as many as before, and at least as many as now.
  const { old: now, sum } = last ?? gone;
  if (back.old > first.old || back.old < now)
    return `table ${name} has ${back.old} of the rows from before: the product had ${first.old}, and has ${now}`;
  const untouched = now === first.old && sum === first.sum;
  if (untouched && back.sum !== sum) return `table ${name} has other content: its checksum differs`;
  return undefined;
}

/** What is wrong with the restored database. What was changed in the running one meanwhile is not. */
export function differences(surveys: Surveys): string[] {
  const { before, restored, after } = surveys;
  const extensions = (survey: Survey) => survey.extensions.join(", ");
  const both = [
    ["schema", before.schema, restored.schema, after.schema],
    ["extensions", extensions(before), extensions(restored), extensions(after)],
  ] as const;
  return [
    ...both.flatMap(([what, first, back, last]) =>
      first === last && back !== first
        ? [what === "schema" ? "the schema differs" : `extensions are ${back}, the product has ${first}`]
        : [],
    ),
    ...[...before.tables.keys()].flatMap((name) => lacks(name, surveys) ?? []),
  ];
}

/** Says what was compared. */
export function comparison(surveys: Surveys): string[] {
  const { before, restored, after } = surveys;
  const untouched = [...before.tables].filter(([name, { old, sum }]) => {
    const last = after.tables.get(name);
    return last?.old === old && last.sum === sum;
  });
  const rows = [...restored.tables.values()].reduce((sum, table) => sum + table.rows, 0);
  const migrations = [...restored.tables].filter(([name]) => /migrations?$/.test(name));
  return [
    `Restored: ${count(restored.tables.size, "table")}, ${count(rows, "row")}; extensions ${restored.extensions.join(", ")}.`,
    ...migrations.map(([name, table]) => `Migrations: ${table.rows} applied (${name}).`),
    `Compared with the running database: schema, extensions, and the rows from before the restore. ` +
      `${untouched.length} of ${count(before.tables.size, "table")} kept those rows meanwhile: their counts and checksums have to ` +
      "be equal. Of the others, the count has to lie between that of before and that of now.",
  ];
}

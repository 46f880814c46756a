import { ownObject, sequencesOf, tablesOf, userSchemas } from "./catalogue";
import type { SideName } from "./decide";
import type { Side } from "./engine";
import type { Asker } from "./fence";
import { type Found, refusals, remarks } from "./inspection";

const factsSql = `SELECT
  current_setting('server_version_num')::int AS version, current_setting('wal_level') AS "walLevel",
  (current_setting('max_replication_slots')::int - (SELECT count(*) FROM pg_replication_slots))::int AS "freeSlots",
  (current_setting('max_wal_senders')::int - (SELECT count(*) FROM pg_stat_replication))::int AS "freeSenders",
  current_setting('max_logical_replication_workers')::int AS workers,
  (SELECT coalesce(json_object_agg(extname, extversion), '{}') FROM pg_extension) AS extensions,
  (SELECT coalesce(json_object_agg(name, default_version), '{}') FROM pg_available_extensions) AS available,
  (SELECT json_agg(rolname) FROM pg_roles) AS roles,
  (SELECT coalesce(json_agg(DISTINCT r.rolname), '[]') FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid
    WHERE s.refclassid = 'pg_authid'::regclass
      AND s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())) AS "usedRoles",
  (SELECT coalesce(json_agg(format('%I.%I', n.nspname, c.relname) ORDER BY 1), '[]') FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND c.relpersistence <> 't' AND ${userSchemas} AND ${ownObject("pg_class", "c.oid")}) AS relations,
  (SELECT coalesce(json_agg(format('%I.%I', n.nspname, c.relname)), '[]') FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'f' AND ${userSchemas}) AS "foreignTables",
  (SELECT coalesce(json_agg(format('%I.%I', n.nspname, c.relname) ORDER BY 1), '[]') FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
      AND ${userSchemas} AND ${ownObject("pg_class", "c.oid")} AND NOT pg_has_role(c.relowner, 'USAGE')) AS "foreignOwners",
  (SELECT count(*)::int FROM pg_largeobject_metadata) AS "largeObjects",
  (SELECT coalesce(json_agg(gid), '[]') FROM pg_prepared_xacts WHERE database = current_database()) AS "preparedTransactions",
  (SELECT coalesce(json_agg(name), '[]') FROM (
    SELECT slot_name AS name FROM pg_replication_slots WHERE slot_name ~ '^handover_'
    UNION ALL SELECT subname FROM pg_stat_subscription WHERE subname ~ '^handover_') l) AS leftovers`;

/** Reads what the rules of the inspection need. Changes nothing. */
async function look(asker: Asker): Promise<Found> {
  const [facts] = await asker.query<Omit<Found, "unloggedWithRows" | "withoutKey" | "sequences">>(factsSql);
  const tables = await tablesOf(asker);
  const unloggedWithRows: string[] = [];
  const others = facts?.foreignOwners ?? [];
  for (const { name } of tables.filter((table) => table.unlogged && !others.includes(table.name))) {
    const [row] = await asker.query<{ some: boolean }>(`SELECT EXISTS (SELECT FROM ${name}) AS some`);
    if (row?.some) unloggedWithRows.push(name);
  }
  return {
    ...(facts as Found),
    unloggedWithRows,
    withoutKey: tables.filter(({ key, unlogged }) => key.length === 0 && !unlogged).map(({ name }) => name),
    sequences: await sequencesOf(asker),
  };
}

/** Inspects both sides. */
export async function inspectSides({ source, target }: Record<SideName, Side>) {
  const [here, there] = await Promise.all([look(source.database), look(target.database)]);
  return { refused: refusals(here, there), remarks: remarks(here) };
}

import { ownObject, userSchemas } from "./catalogue";
import { type Engine, otherOf, publication, type Side } from "./engine";
import { restoreIdentities } from "./identity";
import { schema } from "./ledger";
import { copied } from "./prepare";
import { dropSlot, unsubscribe } from "./reverse";
import { reached } from "./steps";

/** Ends a side's part of the replication. */
async function removeFrom({ ledger }: Engine, side: Side): Promise<void> {
  const { database } = side;
  await unsubscribe(side);
  await dropSlot(side);
  await database.query(`DROP PUBLICATION IF EXISTS ${publication}`);
  await restoreIdentities(database, (await ledger.read()).details.identities);
  await database.query(`DROP TABLE IF EXISTS ${schema}.heartbeat, ${copied}`);
  // Not where the schema has the ledger of this handover, or of one before.
  const [left] = await database.query("SELECT FROM pg_class WHERE relnamespace = to_regnamespace($1)", [schema]);
  if (!left) await database.query(`DROP SCHEMA IF EXISTS ${schema}`);
}

/** Statements that drop everything of the user's, and nothing of an extension's. */
const dropsSql = `
  SELECT format('DROP SCHEMA %I CASCADE', n.nspname) AS sql FROM pg_namespace n
    WHERE ${userSchemas} AND n.nspname <> 'public' AND ${ownObject("pg_namespace", "n.oid")}
  UNION ALL
  SELECT format('DROP %s IF EXISTS %I.%I CASCADE', CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
      WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND ${ownObject("pg_class", "c.oid")}
      AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.objid = c.oid AND i.deptype = 'i')
  UNION ALL
  SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'public' AND ${ownObject("pg_proc", "p.oid")}
  UNION ALL
  SELECT format('DROP TYPE IF EXISTS %s CASCADE', t.oid::regtype)
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE n.nspname = 'public' AND t.typtype IN ('e', 'd', 'r') AND ${ownObject("pg_type", "t.oid")}`;

async function emptyTarget({ database }: Side): Promise<void> {
  for (const { sql } of await database.query<{ sql: string }>(dropsSql)) await database.query(sql);
}

/**
 * Before the first switch: removes the handover, and what it copied to the target. Where no schema was copied, nothing there is
 * the handover's. The target stays fenced, so that no client comes to an empty database: the stack's bootstrap refuses it
 * until it is meant.
 */
export async function abort(engine: Engine): Promise<void> {
  const { source, target, ledger } = engine;
  if ((await ledger.read()).phase !== "new") {
    await unsubscribe(target);
    const [mark] = await target.database.query("SELECT WHERE to_regclass($1) IS NOT NULL", [copied]);
    if (mark) await emptyTarget(target);
    for (const side of [target, source]) await removeFrom(engine, side);
  }
  reached("removed");
  await ledger.write({ phase: "aborted", switching: null });
}

/** After the switch: the side not in use stays as it is, fenced. It may be lost: what cannot be removed there is left. */
export async function finish(engine: Engine): Promise<void> {
  const { ledger } = engine;
  const used = engine[(await ledger.read()).active];
  const unused = otherOf(engine, used);
  // Before its slot on the side in use, from which it would go on reading.
  await unsubscribe(unused).catch(() => undefined);
  await removeFrom(engine, used);
  await removeFrom(engine, unused).catch((error: Error) =>
    ledger.note("left", { side: unused.name, left: "its part of the replication", message: error.message }),
  );
  reached("removed");
  await ledger.write({ phase: "finished", switching: null });
}

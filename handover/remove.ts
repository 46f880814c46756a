import { ownObject, tablesOf, userSchemas } from "./catalogue";
import { type Engine, publication, type Side } from "./engine";
import { schema } from "./ledger";
import { identifyBy } from "./prepare";
import { dropSlot, unsubscribe } from "./reverse";
import { reached } from "./steps";

/** Ends the replication on both sides, in whichever direction it runs. */
async function removeReplication({ source, target }: Engine): Promise<void> {
  for (const side of [target, source]) await unsubscribe(side);
  for (const side of [source, target]) {
    await dropSlot(side);
    await side.database.query(`DROP PUBLICATION IF EXISTS ${publication}`);
    for (const { name, key } of await tablesOf(side.database)) {
      if (key.length === 0) await identifyBy(side.database, name, "DEFAULT");
    }
    await side.database.query(`DROP TABLE IF EXISTS ${schema}.heartbeat, ${schema}.schema_copied`);
  }
  await source.database.query(`DROP SCHEMA IF EXISTS ${schema}`);
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
 * Before the first switch: removes the handover, and what it copied to the target, which was empty. The target stays fenced,
 * so that no client comes to an empty database: the stack's bootstrap refuses it until it is meant.
 */
export async function abort(engine: Engine): Promise<void> {
  await removeReplication(engine);
  await emptyTarget(engine.target);
  reached("removed");
  await engine.ledger.write({ phase: "aborted", switching: null });
}

/** After the switch: the side not in use stays as it is, fenced. */
export async function finish(engine: Engine): Promise<void> {
  await removeReplication(engine);
  reached("removed");
  await engine.ledger.write({ phase: "finished", switching: null });
}

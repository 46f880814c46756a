import { setTimeout as sleep } from "node:timers/promises";
import type { Table } from "./catalogue";
import { type Engine, sidesIn } from "./engine";
import type { Asker } from "./fence";

/** Milliseconds for which clients may queue behind the lock of a change of identity, and between two attempts. */
const lockMs = 300;

/** How replication finds a table's rows, as the catalogue has it: by its key, by nothing, by all columns. */
const clauses = { d: "DEFAULT", n: "NOTHING", f: "FULL" } as const;
type Identity = keyof typeof clauses;

async function identityOf(asker: Asker, name: string): Promise<string | undefined> {
  const sql = "SELECT relreplident AS identity FROM pg_class WHERE oid = to_regclass($1)";
  return (await asker.query<{ identity: string }>(sql, [name]))[0]?.identity;
}

/**
 * Changes how replication finds a table's rows. The lock is short, but others would queue behind it while it waits for a long
 * transaction: so it gives up soon, and tries again.
 */
async function identifyBy(asker: Asker, name: string, identity: Identity): Promise<void> {
  const now = await identityOf(asker, name);
  if (now === undefined || now === identity) return;
  for (;;) {
    try {
      // One message, so one transaction: where it fails, the setting is as before.
      await asker.query(
        `SET lock_timeout = ${lockMs}; ALTER TABLE ${name} REPLICA IDENTITY ${clauses[identity]}; RESET lock_timeout`,
      );
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== "55P03") throw error;
      await sleep(lockMs);
    }
  }
}

/** Lets replication find rows of tables without a key by all their columns. The ledger keeps what it was before. */
export async function identify(engine: Engine, tables: Table[]): Promise<void> {
  const { details } = await engine.ledger.read();
  const changed = { ...(details.identities as Record<string, Identity> | undefined) };
  const identities = new Map<string, string | undefined>();
  for (const { name } of tables) identities.set(name, await identityOf(engine.source.database, name));
  const lacking = tables.filter(({ name, key }) => {
    const identity = identities.get(name);
    return changed[name] || identity === "n" || (identity === "d" && key.length === 0);
  });
  for (const { name } of lacking) changed[name] ??= identities.get(name) as Identity;
  await engine.ledger.write({}, { identities: changed });
  for (const { database } of sidesIn(engine)) {
    for (const { name } of lacking) await identifyBy(database, name, "f");
  }
}

/** Gives the tables of a side back what `identify` took. */
export async function restoreIdentities(asker: Asker, identities: unknown): Promise<void> {
  for (const [name, identity] of Object.entries((identities ?? {}) as Record<string, Identity>))
    await identifyBy(asker, name, identity);
}

import { type Engine, otherOf, type Side } from "./engine";
import { makeSlot, subscribe } from "./prepare";
import { reached } from "./steps";

/** Removes a side's subscription, and with it the slot on the other side, unless that cannot be reached. */
export async function unsubscribe({ database, subscription }: Side): Promise<void> {
  const [known] = await database.query("SELECT FROM pg_subscription WHERE subname = $1", [subscription]);
  if (!known) return;
  await database.query(`ALTER SUBSCRIPTION ${subscription} DISABLE`);
  try {
    await database.query(`DROP SUBSCRIPTION ${subscription}`);
  } catch {
    await database.query(`ALTER SUBSCRIPTION ${subscription} SET (slot_name = NONE)`);
    await database.query(`DROP SUBSCRIPTION ${subscription}`);
  }
}

/** Drops a side's slot, whoever reads from it. */
export async function dropSlot({ database, slot }: Side): Promise<void> {
  await database.query("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1", [
    slot,
  ]);
  for (let attempt = 0; ; attempt++) {
    try {
      await database.query(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1",
        [slot],
      );
      return;
    } catch (error) {
      // Its reader takes a moment to end.
      if (attempt === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Makes the slot for the way back. One that fell behind and lost its WAL is of no use. */
export async function makeReverseSlot(to: Side): Promise<void> {
  const sql = "SELECT FROM pg_replication_slots WHERE slot_name = $1 AND wal_status = 'lost'";
  if ((await to.database.query(sql, [to.slot])).length > 0) await dropSlot(to);
  await makeSlot(to);
}

/** Turns the replication round, once clients use the side `to`: its writes go to the other side from now on. */
export async function reverse(engine: Engine, to: Side): Promise<void> {
  const from = otherOf(engine, to);
  await unsubscribe(to);
  await dropSlot(from);
  reached("forward-removed");
  await makeSlot(to);
  await subscribe(from, to, false);
  reached("reverse-made");
}

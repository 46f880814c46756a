import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { SideName } from "./decide";
import type { Asker } from "./fence";
import { schema } from "./ledger";

/** Writes a row on a side. Returns its mark. */
async function beat(from: Asker, side: SideName): Promise<string> {
  const mark = randomUUID();
  await from.query(
    `INSERT INTO ${schema}.heartbeat VALUES ($1, $2) ON CONFLICT (side) DO UPDATE SET beat = excluded.beat`,
    [side, mark],
  );
  return mark;
}

/**
 * Waits until a row written now on one side is on the other. Rows arrive in the order of their commits, so everything that
 * was committed before is there too. Returns the milliseconds.
 */
export async function arrival(from: Asker, to: Asker, side: SideName, limitMs: number): Promise<number> {
  const start = performance.now();
  const mark = await beat(from, side);
  const passed = () => performance.now() - start;
  while (passed() < limitMs) {
    const [there] = await to.query(`SELECT FROM ${schema}.heartbeat WHERE side = $1 AND beat = $2`, [side, mark]);
    if (there) return passed();
    await sleep(passed() < 1000 ? 2 : 50);
  }
  throw new Error(`a row did not arrive on the other side within ${limitMs} ms`);
}

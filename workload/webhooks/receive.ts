import type { Cluster } from "ioredis";
import { once } from "../queue/once";
import type { Client, Database } from "../stores/postgres";

/** How long a delivery is remembered in Redis, in seconds. */
const rememberedSeconds = 24 * 3600;

const keyOf = (id: string) => `webhook:${id}`;

/**
 * Gives a delivery its effect, once. Its idempotency key is a row in Postgres, and in Redis, which answers a repeated delivery without the
 * database. Redis has it only after the commit, so there is no key without its effect. Where Redis has lost it, or does not
 * answer, the row decides. Deliveries that come at the same time wait for each other there.
 * @returns whether this delivery had the effect
 */
export async function receive(
  { database, redis }: { database: Pick<Database, "write">; redis: Pick<Cluster, "exists" | "set"> },
  id: string,
  effect: (client: Client) => Promise<void>,
): Promise<boolean> {
  const key = keyOf(id);
  if ((await redis.exists(key).catch(() => 0)) === 1) return false;
  const first = await database.write((client) => once(client, key, () => effect(client)));
  await redis.set(key, "1", "EX", rememberedSeconds, "NX").catch(() => null);
  return first;
}

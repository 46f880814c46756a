import type { Cluster } from "ioredis";
import { once } from "../queue/once";
import type { Client, Database } from "../stores/postgres";

/** How long a delivery is remembered in Redis, in seconds. */
const rememberedSeconds = 24 * 3600;

const markOf = (id: string) => `webhook:${id}`;

/**
 * Gives a delivery its effect, once. Redis answers a repeated one without the database; it is marked after the commit,
 * so a mark never stands for an effect that was not had. Where Redis has lost the mark, or does not answer, the row in
 * Postgres decides. Deliveries that come at the same time wait for each other there.
 * @returns whether this delivery had the effect
 */
export async function receive(
  { database, redis }: { database: Pick<Database, "write">; redis: Pick<Cluster, "exists" | "set"> },
  id: string,
  effect: (client: Client) => Promise<void>,
): Promise<boolean> {
  const mark = markOf(id);
  if ((await redis.exists(mark).catch(() => 0)) === 1) return false;
  const first = await database.write((client) => once(client, mark, () => effect(client)));
  await redis.set(mark, "1", "EX", rememberedSeconds, "NX").catch(() => null);
  return first;
}

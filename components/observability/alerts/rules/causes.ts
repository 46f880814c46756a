import type { Inhibition } from "../rule";

/** Without its stores the product fails in every way: the one mail is about the store. */
export const storesLost: Inhibition[] = ["PostgresDown", "PgBouncerDown"].map((alert) => ({ alert, equal: [] }));

export const redisLost: Inhibition[] = ["RedisDown", "RedisClusterBroken"].map((alert) => ({ alert, equal: [] }));

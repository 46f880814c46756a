import { cause } from "../rule";

/** Without its stores the product fails in every way: the one mail is about the store. */
export const storesLost = ["PostgresDown", "PgBouncerDown"].map(cause);

export const redisLost = ["RedisDown", "RedisClusterBroken"].map(cause);

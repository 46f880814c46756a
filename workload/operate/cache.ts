import type { Cluster } from "ioredis";

/** Keys that a node is asked for at a time. */
const atATime = 1000;

/** A prefix as a pattern of Redis, in which it stands for itself alone. */
const patternOf = (prefix: string) => `${prefix.replace(/[\\*?[\]]/g, "\\$&")}*`;

/**
 * Counts the keys with a prefix on every master, and removes them if asked to. Others may add some meanwhile: a key that
 * was there all the time is found.
 */
export async function keysWith(redis: Cluster, prefix: string, remove: boolean): Promise<number> {
  const found = new Set<string>();
  for (const node of redis.nodes("master")) {
    let cursor = "0";
    do {
      const [next, keys] = await node.scan(cursor, "MATCH", patternOf(prefix), "COUNT", atATime);
      cursor = next;
      for (const key of keys) found.add(key);
      // One by one: they are in different slots.
      if (remove) await Promise.all(keys.map((key) => redis.unlink(key)));
    } while (cursor !== "0");
  }
  return found.size;
}

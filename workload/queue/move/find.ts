import type { Cluster } from "ioredis";

/** A queue of BullMQ, by its keys. */
export interface FoundQueue {
  prefix: string;
  name: string;
}

/** Yields the keys of every node, in lists. A key may come twice, and one that is added meanwhile may not come. */
export async function* scan(redis: Cluster, pattern = "*"): AsyncGenerator<string[]> {
  // The nodes are known once a command has been answered.
  await redis.ping();
  for (const node of redis.nodes("master")) {
    let cursor = "0";
    do {
      const [next, keys] = await node.scan(cursor, "MATCH", pattern, "COUNT", 500);
      cursor = next;
      if (keys.length > 0) yield keys;
    } while (cursor !== "0");
  }
}

/** Returns the queues that have settings in this Redis, by name. */
export async function findQueues(redis: Cluster): Promise<FoundQueue[]> {
  const found = new Map<string, FoundQueue>();
  for await (const keys of scan(redis, "*{*}*:meta"))
    for (const key of keys) {
      const [, prefix, name] = /^(.*\{[^{}]+\}[^:]*):([^:]+):meta$/.exec(key) ?? [];
      if (prefix && name) found.set(key, { prefix, name });
    }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

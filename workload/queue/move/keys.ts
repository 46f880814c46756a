import type { Cluster } from "ioredis";
import { keyOf } from "../names";
import { findQueues, scan } from "./find";
import { restore } from "./scripts";

/** Hashes of copied values, by key. */
const copied = "tierstack:copied";
/** How long a second run can tell what the first one copied from what clients wrote, in seconds. */
const copiedSeconds = 7 * 24 * 3600;

export interface Copied {
  /** Keys whose value stands on the other side now. */
  copied: number;
  /** Keys that clients of the other side have written. */
  kept: number;
}

/** @returns whether it was copied; undefined for a key that has gone */
async function copyKey(from: Cluster, to: Cluster, key: string): Promise<boolean | undefined> {
  // The value first: a key that gets another lifetime meanwhile is a key that is written, and comes again.
  const value = await from.dumpBuffer(key);
  const left = await from.pttl(key);
  if (value === null || left === -2 || left === 0) return undefined;
  const before = (await to.hget(copied, key)) ?? "";
  const hash = await to.eval(restore, 1, key, left === -1 ? 0 : left, value, before);
  if (hash === null) return false;
  await to.hset(copied, key, String(hash));
  return true;
}

/**
 * Copies every key but those of queues, with the time that it has left. A second run brings what has changed since, and
 * leaves alone what clients of the other side have written.
 */
export async function copyKeys(from: Cluster, to: Cluster): Promise<Copied> {
  const ofQueues = (await findQueues(from)).map(({ prefix, name }) => keyOf(name, "", prefix));
  const total = { copied: 0, kept: 0 };
  for await (const keys of scan(from)) {
    const others = keys.filter(
      (key) => !key.startsWith("tierstack:") && !ofQueues.some((start) => key.startsWith(start)),
    );
    const results = await Promise.all(others.map((key) => copyKey(from, to, key)));
    total.copied += results.filter((result) => result === true).length;
    total.kept += results.filter((result) => result === false).length;
  }
  await to.expire(copied, copiedSeconds);
  return total;
}

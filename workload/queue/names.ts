import { ConfigError } from "../config";

/** Returns the prefix of a queue's keys: a hash tag, so that they share a slot of the Redis cluster. */
export const prefixOf = (queue: string) => `{${queue}}`;

/** Returns the key of a part of a queue, such as `wait` or `delayed`. */
export const keyOf = (queue: string, part: string, prefix = prefixOf(queue)) => `${prefix}:${queue}:${part}`;

/**
 * Returns the prefix of a queue whose waiting jobs are in this list, which the stack's autoscaler watches.
 * @throws ConfigError  for a list that BullMQ would not fill, or whose queue would be spread over slots
 */
export function prefixOfList(queue: string, list: string): string {
  const end = `:${queue}:wait`;
  const prefix = list.endsWith(end) ? list.slice(0, -end.length) : "";
  if (!/\{[^{}]+\}/.test(prefix))
    throw new ConfigError([
      `WORKER_LIST: given ${list}; allowed: a prefix with a {hash tag}, then ${end}; fix: leave out \`list\` of the queue`,
    ]);
  return prefix;
}

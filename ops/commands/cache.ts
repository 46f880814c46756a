import { cachePrefix } from "../../contract/operate";
import { count } from "../../planner/views/text";
import type { Command } from "../command";
import { expectNone, surplus, unknownWord, wordsProblem } from "../command";
import { operate } from "../operate";

export const cache: Command = {
  name: "cache",
  summary: "remove cached answers by the prefix of their keys",
  usage: ["cache flush --prefix PREFIX"],
  about: [
    "Removes cached answers from Redis, of every master. The next request of each loads it from the database: after a large " +
      "flush the database has the load that the cache keeps from it.",
    `Keys of the cache begin with ${cachePrefix}, then the kind of data (docs/workload.md#cache). No other prefix is allowed: what else ` +
      "is in Redis, such as jobs and limits, must not be lost.",
  ],
  options: [["--prefix PREFIX", `such as ${cachePrefix}{user:, or ${cachePrefix} for all`]],
  examples: [["cache flush --prefix cache:{reference:", "one kind of data"]],
  flags: ["prefix"],
  switches: [],
  changes: true,
  read: (given) => {
    const [word] = given.words;
    const { prefix } = given.values;
    const problems = surplus(given, 1);
    if (word === undefined) problems.push(wordsProblem("", "flush", "write cache flush --prefix PREFIX"));
    else if (word !== "flush") problems.push(unknownWord(word, ["flush"]));
    const allowed = `a prefix that begins with ${cachePrefix}`;
    if (prefix === undefined)
      problems.push({ where: "--prefix", given: "nothing", allowed, fix: `write --prefix ${cachePrefix} for all` });
    else if (!prefix.startsWith(cachePrefix))
      problems.push({ where: "--prefix", given: prefix, allowed, fix: `write --prefix ${cachePrefix}${prefix}` });
    expectNone(problems);
    return async ({ world, change }) => {
      const wanted = prefix as string;
      const { keys } = await operate(world, { do: "cache", prefix: wanted, remove: false });
      const found = count(keys, "key");
      await change({
        what: `remove ${found} with the prefix ${wanted}`,
        question: `Remove ${found} with the prefix ${wanted}?`,
        does: async () => {
          const removed = await operate(world, { do: "cache", prefix: wanted, remove: true });
          return [`removed ${count(removed.keys, "key")} with the prefix ${wanted}`];
        },
      });
      return 0;
    };
  },
};

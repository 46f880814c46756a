import { commandOf, type Drill, type Outcome } from "../../ops/drills/drill";
import { drills } from "../../ops/drills/drills";
import type { Program } from "../../ops/program";

/**
 * A program with the one drill `storm STORE`, whose outcome is as predicted but for what is given.
 * @param keptAs  what it finds that it is kept as @default nothing
 */
export function storm(does: () => Promise<Partial<Outcome>>, keptAs?: string): Program {
  const drill: Drill = {
    name: "storm",
    summary: "a storm",
    usage: ["storm STORE"],
    about: [],
    options: [],
    examples: [],
    words: 1,
    keptAs: ([store]) => `storm-${store}`,
    prepare: async () => ({
      prediction: { rtoSeconds: 60, rpoSeconds: 5, callers: "nothing", source: "a book" },
      what: "make a storm",
      ...(keptAs !== undefined && { keptAs }),
      does: async () => ({ rtoSeconds: 44.2, rpoSeconds: 0, seen: [], wrong: [], ...(await does()) }),
    }),
  };
  return { ...drills, commands: [commandOf(drill)] };
}

import { type HeldSwitches, longestSwitchSeconds } from "../../contract/operate";
import type { Command, Context } from "../command";
import { expectNone, forSeconds, surplus, unknownWord, wordsProblem } from "../command";
import { lasting, moment, spelled } from "../duration";
import { operate } from "../operate";

/** What a mode means for who meets it. */
const meanings: Record<HeldSwitches["mode"]["value"], string> = {
  normal: "the product serves",
  "read-only": "writes get 503 with Retry-After, reads are served, workers take no jobs",
  maintenance: "every request except health checks gets 503 with Retry-After, workers take no jobs",
};

/** Says how a switch holds, until when, and what comes after. */
function modeLines({ mode }: HeldSwitches): string[] {
  const { value, otherwise, untilMs } = mode;
  const end = untilMs === undefined ? "" : ` until ${moment(untilMs)}, then ${otherwise}`;
  return [`mode ${value}${end}: ${meanings[value]}`];
}

/** What a command cannot change, and what a deployment changes. */
function stackLines({ world }: Context): string[] {
  if (world.stack?.maintenance)
    return [
      `tierstack:maintenance is true in Pulumi.${world.stack.name}.yaml: the edge answers 503 until it is false and pulumi up has run`,
    ];
  return [
    "pulumi up does not change it. The edge has a switch of its own: tierstack:maintenance (docs/moving.md#maintenance).",
  ];
}

export const maintenance: Command = {
  name: "maintenance",
  summary: "turn maintenance mode on or off, or make the product read-only",
  usage: ["maintenance [on [--read-only] [--for TIME]|off]"],
  about: [
    "Switches the mode of the product in Redis; every process follows within a second. No deployment is needed, and none undoes it. " +
      "With --for it ends by itself: each process compares the end with its clock.",
    "Without Redis, or for an application that does not follow the switches, set tierstack:maintenance and run pulumi up: then the " +
      "edge answers.",
  ],
  options: [
    ["on|off", "without it, show the mode"],
    ["--read-only", "refuse writes only"],
    ["--for TIME", `end by itself, such as 30m or 2h; at most ${spelled(longestSwitchSeconds)}`],
  ],
  examples: [
    ["maintenance on --for 30m", "for half an hour"],
    ["maintenance off", "serve again"],
  ],
  flags: ["for"],
  switches: ["read-only"],
  changes: true,
  read: (given) => {
    const [word] = given.words;
    const problems = surplus(given, 1);
    if (word !== undefined && word !== "on" && word !== "off") problems.push(unknownWord(word, ["on", "off"]));
    const readOnly = given.switches.includes("read-only");
    if (word !== "on" && problems.length === 0)
      for (const flag of [...(readOnly ? ["--read-only"] : []), ...(given.values.for === undefined ? [] : ["--for"])])
        problems.push(wordsProblem(`${flag} without on`, `${flag} with maintenance on`, "write maintenance on"));
    const seconds = forSeconds(given, longestSwitchSeconds, problems);
    expectNone(problems);
    return async (context) => {
      const { world, say, change } = context;
      if (word === undefined) {
        say(...modeLines(await operate(world, { do: "switches" })), ...stackLines(context));
        return 0;
      }
      const value = word === "off" ? null : readOnly ? "read-only" : "maintenance";
      const until = lasting(seconds);
      const answered = async () => {
        const held = await operate(world, { do: "mode", value, ...(seconds !== undefined && { seconds }) });
        return [...modeLines(held), ...stackLines(context)];
      };
      await change({
        what: value === null ? "clear the mode, so that the environment's holds" : `switch to ${value} mode${until}`,
        ...(value !== null && { question: `Switch to ${value} mode${until}? Then ${meanings[value]}.` }),
        does: answered,
      });
      return 0;
    };
  },
};

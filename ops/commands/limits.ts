import { type HeldSwitches, limitFactors, longestSwitchSeconds } from "../../contract/operate";
import type { Command } from "../command";
import { expectNone, forSeconds, numberWithin, surplus, unknownWord, wordsProblem } from "../command";
import { lasting, moment, spelled } from "../duration";
import { operate } from "../operate";

function limitLines({ limits }: HeldSwitches): string[] {
  const { value, untilMs } = limits;
  const end = untilMs === undefined ? "" : ` until ${moment(untilMs)}, then as configured`;
  return [value === 1 ? "rate limits as configured" : `every rate limit multiplied by ${value}${end}`];
}

export const limits: Command = {
  name: "limits",
  summary: "multiply every rate limit of the application, or put them back",
  usage: ["limits [--factor FACTOR [--for TIME]|off]"],
  about: [
    "Multiplies the rate limits of the application (docs/workload.md#limits) by a factor, in Redis; every process follows within a " +
      "second. No deployment undoes it. A factor below 1 protects an overloaded product; one above 1 lets a crowd in.",
    "The limits of the edge are settings of the stack: change them there and run pulumi up.",
  ],
  options: [
    ["off", "back to the limits as configured; with neither, show the factor"],
    ["--factor FACTOR", `${limitFactors.min} to ${limitFactors.max}`],
    ["--for TIME", `end by itself, such as 30m or 2h; at most ${spelled(longestSwitchSeconds)}`],
  ],
  examples: [
    ["limits --factor 2 --for 1h", "twice as high for an hour"],
    ["limits off", "as configured"],
  ],
  flags: ["factor", "for"],
  switches: [],
  changes: true,
  read: (given) => {
    const [word] = given.words;
    const problems = surplus(given, 1);
    if (word !== undefined && word !== "off")
      problems.push(
        Number.isNaN(Number(word))
          ? unknownWord(word, ["off"])
          : wordsProblem(word, "off, or --factor", `write limits --factor ${word}`),
      );
    const text = given.values.factor;
    const bounds = { least: limitFactors.min, most: limitFactors.max, whole: false };
    const factor = text === undefined ? undefined : numberWithin("--factor", text, bounds, problems);
    const seconds = forSeconds(given, longestSwitchSeconds, problems);
    if (word === "off" && text !== undefined)
      problems.push(wordsProblem("off and --factor", "one of them", "leave one out"));
    if (given.values.for !== undefined && text === undefined)
      problems.push(wordsProblem("--for without --factor", "--for with --factor", "write --factor 2"));
    expectNone(problems);
    return async ({ world, say, change }) => {
      if (word === undefined && factor === undefined) {
        say(...limitLines(await operate(world, { do: "switches" })));
        return 0;
      }
      const until = lasting(seconds);
      await change({
        what: factor === undefined ? "put the rate limits back" : `multiply every rate limit by ${factor}${until}`,
        ...(factor !== undefined && { question: `Multiply every rate limit by ${factor}${until}?` }),
        does: async () =>
          limitLines(
            await operate(world, { do: "limits", value: factor ?? null, ...(seconds !== undefined && { seconds }) }),
          ),
      });
      return 0;
    };
  },
};

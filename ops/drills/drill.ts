import { count } from "../../planner/views/text";
import type { Command, Context, Given } from "../command";
import { expectNone, surplus } from "../command";
import { spelled } from "../duration";

/** What a drill expects of its outcome, before it begins. */
export interface Prediction {
  /** Seconds until the product, or what a drill restores of it, serves again. At most. */
  rtoSeconds: number;
  /** Seconds of acknowledged writes that are lost. At most. */
  rpoSeconds: number;
  /** What callers see meanwhile. */
  callers: string;
  /** Where the figures come from. */
  source: string;
}

/** What a drill saw. */
export interface Outcome {
  /** Undefined where it cannot be seen from here. */
  rtoSeconds: number | undefined;
  rpoSeconds: number | undefined;
  /** What was done and seen, in sentences. */
  seen: string[];
  /** What is not as it should be, other than the times. */
  wrong: string[];
}

/** A drill that has looked, and has changed nothing yet. */
export interface Prepared {
  prediction: Prediction;
  /** What it does, to complete `would ...`. */
  what: string;
  /** What the user is asked. @default nothing: it harms nobody */
  question?: string;
  does: () => Promise<Outcome>;
}

/** What a drill looks with, and what it tells what it sees. */
export type Looking = Pick<Context, "world" | "say">;

export interface Drill
  extends Pick<Command, "name" | "summary" | "usage" | "about" | "options" | "examples" | "stack"> {
  /** Words that it takes, at most. */
  words: number;
  /** Reads its words. @throws SettingsError with every problem */
  read?: (given: Given) => void;
  /** Looks at the product. @throws Failure where the drill cannot be done */
  prepare: (context: Context, words: readonly string[]) => Promise<Prepared>;
}

/** A predicted time, as text. */
export const within = (seconds: number) => (seconds < 1 ? "nothing" : spelled(seconds));

/** Lines of a prediction. */
const predicted = ({ rtoSeconds, rpoSeconds, callers, source }: Prediction): string[] => [
  `Prediction: RTO at most ${within(rtoSeconds)}, RPO at most ${within(rpoSeconds)}.`,
  `Callers: ${callers}.`,
  `From: ${source}.`,
];

/** In what an outcome is worse than its prediction. */
export function mistakes({ rtoSeconds, rpoSeconds }: Prediction, { wrong, ...seen }: Outcome): string[] {
  const late = (name: string, most: number, is: number | undefined) =>
    is !== undefined && is > most ? [`${name} was ${spelled(is)}, predicted at most ${within(most)}`] : [];
  return [...wrong, ...late("RTO", rtoSeconds, seen.rtoSeconds), ...late("RPO", rpoSeconds, seen.rpoSeconds)];
}

const measured = (seconds: number | undefined) => (seconds === undefined ? "not seen from here" : spelled(seconds));

/** Lines of an outcome: what was seen, what was measured, and whether it is as predicted. */
function outcomeLines(prediction: Prediction, outcome: Outcome): string[] {
  const { rtoSeconds, rpoSeconds, seen } = outcome;
  const found = mistakes(prediction, outcome);
  return [
    ...seen,
    `Measured: RTO ${measured(rtoSeconds)}, RPO ${measured(rpoSeconds)}.`,
    ...(found.length === 0
      ? ["As predicted."]
      : [`Not as predicted, in ${count(found.length, "point")}:`, ...found.map((one) => `- ${one}`)]),
  ];
}

/** The command of a drill: the prediction first, then the question, the drill itself, and the comparison. */
export const commandOf = ({ words: most, read, prepare, ...described }: Drill): Command => ({
  ...described,
  flags: [],
  switches: [],
  changes: true,
  read: (given) => {
    expectNone(surplus(given, most));
    read?.(given);
    return async (context) => {
      const { say, change } = context;
      const { prediction, what, question, does } = await prepare(context, given.words);
      say(...predicted(prediction));
      let right = true;
      await change({
        what,
        ...(question !== undefined && { question }),
        does: async () => {
          const outcome = await does();
          right = mistakes(prediction, outcome).length === 0;
          return outcomeLines(prediction, outcome);
        },
      });
      return right ? 0 : 1;
    };
  },
});

import { count } from "../../planner/views/text";
import type { Command, Context, Given } from "../command";
import { expectNone, surplus } from "../command";
import { spelled } from "../duration";
import { Failure } from "../failure";
import { Refused } from "../kube/kube";
import { type DrillRecord, recorded } from "./record";

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
  /** What it is kept as, where that depends on what it found. @default that of the drill */
  keptAs?: string;
}

/** What a drill looks with, and what it tells what it sees. */
export type Looking = Pick<Context, "world" | "say">;

export interface Drill
  extends Pick<Command, "name" | "summary" | "usage" | "about" | "options" | "examples" | "stack"> {
  /** Words that it takes, at most. */
  words: number;
  /** What it is kept as in the cluster, in lower case with hyphens. @default its name */
  keptAs?: (words: readonly string[]) => string;
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

/** Whole seconds, never fewer than were measured. */
const whole = (seconds: number | undefined) => (seconds === undefined ? undefined : Math.ceil(seconds));

/** Does a drill and keeps what it showed, also that it broke off. Returns its lines, and whether it was as predicted. */
async function practised(
  { prediction, does }: Prepared,
  { world, say }: Pick<Context, "world" | "say">,
  of: Pick<DrillRecord, "drill" | "command">,
): Promise<{ lines: string[]; right: boolean }> {
  const keep = (measured: Pick<DrillRecord, "rtoSeconds" | "rpoSeconds" | "wrong">) =>
    recorded(world, { ...of, ...measured });
  let outcome: Outcome;
  try {
    outcome = await does();
  } catch (error) {
    const wrong = error instanceof Failure ? error.brief : error instanceof Refused ? error.message : undefined;
    if (wrong !== undefined) say(...(await keep({ rtoSeconds: undefined, rpoSeconds: undefined, wrong })));
    throw error;
  }
  const { rtoSeconds, rpoSeconds } = outcome;
  const wrong = mistakes(prediction, outcome).join("; ");
  const kept = await keep({ rtoSeconds: whole(rtoSeconds), rpoSeconds: whole(rpoSeconds), wrong });
  return { lines: [...outcomeLines(prediction, outcome), ...kept], right: wrong === "" };
}

/** The command of a drill: the prediction first, then the question, the drill itself, and the comparison. */
export const commandOf = ({ words: most, read, prepare, keptAs, ...described }: Drill): Command => ({
  ...described,
  flags: [],
  switches: [],
  changes: true,
  read: (given) => {
    expectNone(surplus(given, most));
    read?.(given);
    return async (context) => {
      const { say, change } = context;
      const { words } = given;
      const prepared = await prepare(context, words);
      const { prediction, what, question } = prepared;
      const of = {
        drill: prepared.keptAs ?? keptAs?.(words) ?? described.name,
        command: [described.name, ...words].join(" "),
      };
      say(...predicted(prediction));
      let right = true;
      await change({
        what,
        ...(question !== undefined && { question }),
        does: async () => {
          const { lines, ...shown } = await practised(prepared, context, of);
          right = shown.right;
          return lines;
        },
      });
      return right ? 0 : 1;
    };
  },
});

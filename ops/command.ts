import { nearest, SettingsError } from "../config/problems";
import type { parseArguments } from "../planner/cli/arguments";
import type { Option } from "../planner/cli/help";
import type { Screen } from "../planner/views/text";
import type { Problem } from "../tiers/problem";
import { secondsOf, spelled } from "./duration";
import { Failure } from "./failure";
import type { World } from "./world";

/** Flags with a value that commands have beside those of all. */
export type Flag = "factor" | "for" | "end" | "prefix";

/** A command line without the command's name, the stack, and the flags of all commands. */
export interface Given {
  words: string[];
  values: ReturnType<typeof parseArguments<Flag>>["values"];
  switches: string[];
}

/** What a command works with. */
export interface Context {
  world: World;
  screen: Screen;
  /** Writes lines of the answer. Those that are too long are wrapped. */
  say: (...lines: string[]) => void;
  /** Does what changes something: not in a dry run, and not before the user has agreed. */
  change: (change: Change) => Promise<void>;
}

/** What lines of an answer depend on: the width, and the flags of the commands that they name. */
export interface Shown {
  world: Pick<World, "flags">;
  screen: Screen;
}

/** Something that changes the product. */
interface Change {
  /** What it does, to complete `would ...`. */
  what: string;
  /** What the user is asked. @default nothing: the change harms nobody */
  question?: string;
  /** Does it. Returns what it did, in lines. */
  does: () => Promise<string[]>;
}

/** The work that a command line asks for. Returns an exit code: 0, or 1 for what is not well. */
export type Work = (context: Context) => Promise<0 | 1>;

export interface Command {
  name: string;
  /** In the list of all commands. */
  summary: string;
  /** What may follow `npm run ops --`. */
  usage: string[];
  about: string[];
  options: Option[];
  /** Words behind `npm run ops --`, without the stack. */
  examples: [words: string, what: string][];
  /** The stack of its examples. @default growth */
  stack?: string;
  flags: readonly Flag[];
  /** Its own switches. */
  switches: readonly string[];
  /** Whether it changes something, so that it has `--dry-run` and `--yes`. */
  changes: boolean;
  /** Reads the command line before anything is connected. @throws SettingsError with every problem */
  read(given: Given): Work;
}

/** A problem with the words of a command. */
export const wordsProblem = (given: string, allowed: string, fix: string): Problem => ({
  where: "command line",
  given: given || "nothing",
  allowed,
  fix,
});

/** The problem of a word that is none of those allowed: its fix is the one that is meant, or else what `otherwise` says. */
export function unknownWord(
  word: string,
  allowed: readonly string[],
  otherwise = allowed.length === 1 ? `write ${allowed[0]}` : "name one of them",
): Problem {
  const like = nearest(word, allowed);
  return wordsProblem(word, allowed.join(", "), like ? `did you mean ${like}?` : otherwise);
}

/** A problem if there are more words than a command takes. */
export const surplus = ({ words }: Given, most: number): Problem[] =>
  words.length <= most
    ? []
    : [
        wordsProblem(
          words.slice(most).join(" "),
          most === 0 ? "no word" : `no word after ${words[most - 1]}`,
          "remove it; a stack is named with -s",
        ),
      ];

/** Throws a SettingsError where there are problems. */
export function expectNone(problems: Problem[]): void {
  if (problems.length > 0) throw new SettingsError(problems);
}

/** The seconds of `--for`, at most so many. Undefined without the flag, and with a problem. */
export function forSeconds({ values }: Given, most: number, problems: Problem[]): number | undefined {
  const given = values.for;
  if (given === undefined) return undefined;
  const seconds = secondsOf(given);
  if (seconds !== undefined && seconds <= most) return seconds;
  problems.push({
    where: "--for",
    given,
    allowed: `a number with s, m, h or d, at most ${spelled(most)}`,
    fix: "write --for 2h",
  });
  return undefined;
}

/** A number of a flag or word within bounds. Undefined with a problem. */
export function numberWithin(
  where: string,
  given: string,
  { least, most, whole }: { least: number; most: number; whole: boolean },
  problems: Problem[],
): number | undefined {
  const value = Number(given);
  if (/^\d/.test(given) && value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  problems.push({
    where,
    given,
    allowed: `${whole ? "a whole number" : "a number"} from ${least} to ${most}`,
    fix: "correct it",
  });
  return undefined;
}

/** Asks and does, or says what would be done. */
export const changer =
  (
    { dryRun, yes }: { dryRun: boolean; yes: boolean },
    say: Context["say"],
    confirm: (question: string) => Promise<boolean>,
  ): Context["change"] =>
  async ({ what, question, does }) => {
    if (dryRun) return say(`would ${what}; nothing was changed`);
    if (question !== undefined && !yes && !(await confirm(question)))
      throw new Failure("not confirmed; nothing was changed");
    say(...(await does()));
  };

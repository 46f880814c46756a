import { attempt, SettingsError } from "../config/problems";
import { parseArguments } from "../planner/cli/arguments";
import type { Problem } from "../tiers/problem";
import { type Command, unknownWord, type Work } from "./command";

/** Where the product is. */
export interface Target {
  /** Stack whose kubeconfig is used. @default kubectl's configuration */
  stack: string | undefined;
  /** Context of the kubeconfig. @default the current one */
  context: string | undefined;
  /** Folder of the stack files. @default the current one */
  cwd: string | undefined;
}

/** A command line. */
export interface Request {
  work: Work;
  target: Target;
  dryRun: boolean;
  yes: boolean;
}

/**
 * Reads the command line of a command.
 * @throws SettingsError with every problem
 */
export function requestOf(command: Command, argv: string[]): Request {
  const acting = command.changes ? ["dry-run", "yes"] : [];
  const switches = [...command.switches, ...acting];
  const parsed = parseArguments(argv, [...command.flags, "context", "cwd"], switches, ["stack"]);
  const stacks = parsed.all?.stack ?? [];
  const words = parsed.positionals.slice(0, parsed.positionals.length - stacks.length);
  const problems: Problem[] = [...parsed.problems];
  if (stacks.length > 1)
    problems.push({ where: "--stack", given: stacks.join(" "), allowed: "one stack", fix: "name one" });
  let work: Work | undefined;
  // A wrong flag may have taken the place of a word.
  if (problems.length === 0) work = attempt(() => command.read({ ...parsed, words }), problems);
  if (work === undefined) throw new SettingsError(problems);
  const { context, cwd } = parsed.values;
  return {
    work,
    target: { stack: stacks[0], context, cwd },
    dryRun: parsed.switches.includes("dry-run"),
    yes: parsed.switches.includes("yes"),
  };
}

/** The command with a name. @throws SettingsError with the one that is meant */
export function commandNamed(name: string, commands: readonly Command[]): Command {
  const found = commands.find((one) => one.name === name);
  if (found) return found;
  const names = commands.map((one) => one.name);
  const problem = unknownWord(name, names, "name one of them, or ask for --help");
  throw new SettingsError([
    name.startsWith("-") ? { ...problem, fix: "write the command first, and flags after it" } : problem,
  ]);
}

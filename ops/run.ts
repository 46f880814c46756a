import { stripVTControlCharacters } from "node:util";
import { confirmed, expectTerminal } from "../planner/cli/confirm";
import { exitCodeOf } from "../planner/cli/mistakes";
import { report, screenFor } from "../planner/cli/output";
import { toldText } from "../planner/cli/packaged";
import { widthOf, wrap } from "../planner/views/text";
import { type Context, changer } from "./command";
import { operations } from "./commands";
import { connect } from "./connect";
import { Failure } from "./failure";
import { commandHelp, overview } from "./help";
import { Refused } from "./kube/kube";
import type { Program } from "./program";
import { commandNamed, type Request, requestOf } from "./request";
import { placeOf } from "./world";

/** What a test replaces. */
export interface Outside {
  connect: (target: Request["target"], root: string) => ReturnType<typeof connect>;
  confirm: (question: string) => Promise<boolean>;
}

/** Asks on the terminal. Throws a SettingsError where there is none. */
async function askTerminal(question: string): Promise<boolean> {
  expectTerminal();
  return confirmed(question);
}

const terminal: Outside = { connect, confirm: askTerminal };

/** Lines of a message of the API server: it may be long, and is shown as it is. */
const refusedText = ({ status, message }: Refused) =>
  `Kubernetes API: given a request that it refuses (${status}: ${message}); allowed: what your rights allow; fix: ask for them, or act as another user`;

/** Writes an answer. Its first line says where the command acts: kubectl's current context may be another cluster than meant. */
function sayerIn(place: string, width: number): Context["say"] {
  const fits = (line: string) => stripVTControlCharacters(line).length <= width;
  let first = [place];
  return (...lines) => {
    const told = [...first, ...lines].map(toldText).flatMap((line) => (fits(line) ? [line] : wrap(line, width)));
    process.stdout.write(told.map((line) => `${line}\n`).join(""));
    first = [];
  };
}

async function answer(
  { commands }: Program,
  [name = "", ...argv]: string[],
  root: string,
  outside: Outside,
): Promise<number> {
  const request = requestOf(commandNamed(name, commands), argv);
  const world = await outside.connect(request.target, root);
  const place = placeOf(world);
  const screen = screenFor(undefined);
  const say = sayerIn(place, screen.width);
  const change = changer(request, say, (question) => outside.confirm(`${place}: ${question}`));
  return request.work({ world, screen, say, change });
}

/**
 * Runs a command of a program. Answers an exit code: 0 fine, 1 it could not be done or is not well, 2 bad input. What went wrong is told on
 * stderr, one problem a line; a defect is thrown.
 */
export async function runProgram(
  program: Program,
  argv: string[],
  root: string,
  outside: Outside = terminal,
): Promise<number> {
  if (argv.some((word) => word === "--help" || word === "-h")) {
    const known = program.commands.find(({ name }) => name === argv[0]);
    const width = widthOf(process.stdout);
    process.stdout.write(known ? commandHelp(program, known, width) : overview(program, width));
    return 0;
  }
  try {
    return await answer(program, argv, root, outside);
  } catch (error) {
    const code = error instanceof Failure || error instanceof Refused ? 1 : exitCodeOf(error);
    if (code === undefined) throw error;
    report(toldText(error instanceof Refused ? refusedText(error) : (error as Error).message));
    return code;
  }
}

/** `npm run ops`. */
export const runOps = (argv: string[], root: string, outside?: Outside): Promise<number> =>
  runProgram(operations, argv, root, outside);

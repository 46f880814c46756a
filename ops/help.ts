import { cwdOption, type Help, helpOption, helpText, type Option, pairs } from "../planner/cli/help";
import { toldText } from "../planner/cli/packaged";
import { wrap } from "../planner/views/text";
import type { Command } from "./command";
import type { Program } from "./program";

/** How a command of a program begins. */
const prefixOf = ({ name }: Program) => `npm run ${name} --`;

/** Options that every command has. */
const commonOptions: Option[] = [
  [
    "-s STACK, --stack STACK",
    "the stack: its kubeconfig from pulumi stack output; without it, kubectl's configuration",
  ],
  ["--context CONTEXT", "another context of the kubeconfig"],
  cwdOption,
  helpOption,
];

const actingOptions: Option[] = [
  ["--dry-run", "say what would be done, and do nothing"],
  ["--yes", "do not ask before it is done"],
];

export const exitCodes = "0 fine; 1 it could not be done, is not well, or nobody confirmed; 2 bad input.";

/** The help of a command, as `npm run PROGRAM -- COMMAND --help` shows it. */
export const helpOf = (
  program: Program,
  { usage, about, options, examples, changes, stack = "growth" }: Command,
): Help => ({
  usage: usage.map((line) => `${prefixOf(program)} ${line}`),
  about,
  options: [...options, ...(changes ? actingOptions : []), ...commonOptions],
  examples: examples.map(([words, what]) => [`${prefixOf(program)} ${words} -s ${stack}`, what]),
  exitCodes,
});

/** The help of all commands, in lines that fit a width: a line each. */
export function overview(program: Program, width: number): string {
  const { about, page, commands } = program;
  const prefix = prefixOf(program);
  const lines = [
    `Usage: ${toldText(`${prefix} COMMAND [options]`)}`,
    "",
    ...wrap(about, width),
    "",
    ...pairs(
      commands.map(({ name, summary }) => [name, summary]),
      width,
    ),
    "",
    ...wrap(toldText(`${prefix} COMMAND --help says more. ${page}`), width),
  ];
  return `${lines.join("\n")}\n`;
}

/** The help of one command. */
export const commandHelp = (program: Program, command: Command, width: number): string =>
  helpText(helpOf(program, command), width);

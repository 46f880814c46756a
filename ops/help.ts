import { cwdOption, type Help, helpOption, helpText, type Option, pairs } from "../planner/cli/help";
import { toldText } from "../planner/cli/packaged";
import { wrap } from "../planner/views/text";
import type { Command } from "./command";

const prefix = "npm run ops --";

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

/** The help of a command, as `npm run ops -- COMMAND --help` shows it. */
export const helpOf = ({ usage, about, options, examples, changes }: Command): Help => ({
  usage: usage.map((line) => `${prefix} ${line}`),
  about,
  options: [...options, ...(changes ? actingOptions : []), ...commonOptions],
  examples: examples.map(([words, what]) => [`${prefix} ${words} -s growth`, what]),
  exitCodes,
});

/** The help of all commands, in lines that fit a width: a line each. */
export function overview(commands: readonly Command[], width: number): string {
  const about =
    "Operates a deployed product. Commands reach it through kubectl's configuration, or with -s through the stack's kubeconfig; " +
    "what needs a store runs in a pod that has its credentials, so no password passes through this machine. Each asks " +
    "before it does harm, and names the stack and the cluster that it acts on.";
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
    ...wrap(toldText(`${prefix} COMMAND --help says more. docs/runbooks/README.md says when to use which.`), width),
  ];
  return `${lines.join("\n")}\n`;
}

/** The help of one command. */
export const commandHelp = (command: Command, width: number): string => helpText(helpOf(command), width);

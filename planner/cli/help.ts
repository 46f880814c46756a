import { catalogueFile } from "../cost/prices";
import { wrap } from "../views/text";
import { toldText } from "./packaged";

/** The help of a command. */
export interface Help {
  usage: string[];
  about: string[];
  /** Arguments and flags, each with what it does. */
  options: [option: string, what: string][];
  examples: [command: string, what: string][];
  exitCodes: string;
}

export type Option = Help["options"][number];

/** Options that several commands have. */
export const outOption: Option = ["--out FILE", "write into a file"];
export const cwdOption: Option = ["--cwd FOLDER", "use the stack files of another folder"];
export const helpOption: Option = ["-h, --help", "show this text"];
export const stackOption: Option = ["STACK, -s STACK, --stack STACK", "the stack"];
export const pricesOption: Option = ["--prices FILE.json", `other prices than ${catalogueFile}, in its form`];
export const commonOptions: Option[] = [outOption, cwdOption, helpOption];

/** Fewest columns for a description beside its command. */
const leastRoom = 30;

/** Two columns, or the second below the first where it would be too narrow. */
export function pairs(rows: [string, string][], width: number): string[] {
  const told = rows.map(([first, second]) => [toldText(first), toldText(second)] as const);
  const column = Math.max(...told.map(([first]) => first.length)) + "  ".length + "   ".length;
  if (width - column < leastRoom)
    return told.flatMap(([first, second]) => [...wrap(first, width, "  ", "    "), ...wrap(second, width, "      ")]);
  return told.flatMap(([first, second]) => {
    const [line = "", ...more] = wrap(second, width, " ".repeat(column));
    return [`  ${first}`.padEnd(column) + line.trimStart(), ...more];
  });
}

/** The help of a command, in lines that fit a width, with the commands that the user has. */
export function helpText({ usage, about, options, examples, exitCodes }: Help, width: number): string {
  const [first = "", ...others] = usage.map(toldText);
  const lines = [
    ...wrap(`Usage: ${first}`, width, "", "         "),
    ...others.flatMap((line) => wrap(line, width, "       ", "         ")),
    ...about.flatMap((paragraph) => ["", ...wrap(toldText(paragraph), width)]),
    "",
    ...pairs(options, width),
    "",
    ...pairs(examples, width),
    "",
    ...wrap(`Exit codes: ${exitCodes}`, width),
  ];
  return `${lines.join("\n")}\n`;
}

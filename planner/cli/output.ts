import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { SettingsError } from "../../config/problems";
import { makeFolder } from "../folders";
import { defaultWidth, painter, type Screen, widthOf, wrap } from "../views/text";

/** Writes to a file, or to standard output. Throws a SettingsError for a file that cannot be written. */
export function write(text: string, out: string | undefined): void {
  if (out === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    makeFolder(dirname(out));
    writeFileSync(out, text);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new SettingsError([
      {
        where: "--out",
        given: `${out} (${reason})`,
        allowed: "a file that can be written",
        fix: "choose another file",
      },
    ]);
  }
}

/** How the output of a command is shown. A file has no colours, and lines of the width that every file has. */
export const screenFor = (out: string | undefined): Screen =>
  out === undefined
    ? { paint: painter(process.stdout), width: widthOf(process.stdout) }
    : { paint: (_, text) => text, width: defaultWidth };

/** Messages on standard error, wrapped on a terminal. Elsewhere a message is one line, for a search or a log. */
export function report(message: string): void {
  const { isTTY } = process.stderr;
  const lines = message.split("\n");
  const shown = isTTY ? lines.flatMap((line) => wrap(line, widthOf(process.stderr), "", "  ")) : lines;
  process.stderr.write(`${shown.join("\n")}\n`);
}

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { SettingsError } from "../../config/problems";
import { painter } from "../views/text";

/** Writes to a file, or to standard output. Throws a SettingsError for a file that cannot be written. */
export function write(text: string, out: string | undefined): void {
  if (out === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    mkdirSync(dirname(out), { recursive: true });
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

/** Colours for where the output goes: on a terminal only. */
export const painterFor = (out: string | undefined) =>
  painter(out === undefined ? process.stdout : ({} as NodeJS.WriteStream));

/** Files that a user names on the command line. */
import { readFileSync } from "node:fs";

/** The content of a JSON file, or why there is none, as an error tells what was given. */
export function readJson(file: string): { content: unknown } | { given: string } {
  try {
    return { content: JSON.parse(readFileSync(file, "utf8")) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { given: code ? `a file that cannot be read (${code})` : "a file that is not JSON" };
  }
}

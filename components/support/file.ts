import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Returns the content of a script in the folder of a module. Throws if the file cannot be read. */
export function readScript(folder: string, name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

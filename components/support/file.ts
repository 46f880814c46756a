import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Content of a script that lies beside the module that uses it. */
export function readScript(folder: string, name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

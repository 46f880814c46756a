import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Whether a path is a folder. Throws an ENOTDIR for anything else that is there. */
function isFolder(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return found !== undefined;
  throw Object.assign(new Error(`${path} is not a folder`), { code: "ENOTDIR" });
}

/**
 * Creates a folder and those above it. Throws the error of the file system where one cannot be created. The recursive
 * `mkdirSync` of Node 20 never ends below a folder that takes no entries, such as /proc.
 */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path);
}

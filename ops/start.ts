import type { Program } from "./program";
import { runProgram } from "./run";

/**
 * Ends the process where nobody reads its output any more (`| head`, or a terminal that is gone), as a terminal that closes does: what has
 * to be put back is put back first.
 * @param closed  exit code of a closed pipe where nothing is to be put back
 */
export function endWithOutput(closed: number): void {
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    if (!process.emit("SIGHUP", "SIGHUP")) process.exit(code === "EPIPE" ? closed : 2);
  });
  process.stderr.on("error", () => {});
}

/**
 * Runs a program with the command line of this process, and ends the process.
 * @param closed  exit code where a pipe from it is closed before the end @default 0: who reads has read enough
 */
export function started(program: Program, closed = 0): void {
  endWithOutput(closed);
  void runProgram(program, process.argv.slice(2), process.cwd()).then((code) => {
    // Sockets to pods may stay open.
    process.exit(code);
  });
}

import type { Program } from "./program";
import { runProgram } from "./run";

/** Runs a program with the command line of this process, and ends the process. */
export function started(program: Program): void {
  // A closed pipe (`| head`) is no error.
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : 2));
  process.stderr.on("error", () => {});
  void runProgram(program, process.argv.slice(2), process.cwd()).then((code) => {
    // Sockets to pods may stay open.
    process.exit(code);
  });
}

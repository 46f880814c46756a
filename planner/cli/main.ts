#!/usr/bin/env node
import "./typescript";
import "../record/sdk/late-loading";
import { runCommand } from "./run";

// Overwritten at the end; a program that waits for what never comes does not get there, and Node just stops.
process.exitCode = 1;
const stopped = () =>
  process.stderr.write("the program never finished: an output never resolved; check for a dependency cycle\n");
process.once("beforeExit", stopped);

// A closed pipe (`| head`) is no error: the command ends with its own code. Output that cannot be written, such as on a
// full disk, is one.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
  if (code === "EPIPE") return;
  process.stderr.write(
    `standard output: given a stream that cannot be written (${code}); allowed: a terminal, pipe or file with room; fix: choose another\n`,
  );
  process.exit(2);
});
// There is nowhere to tell it.
process.stderr.on("error", () => {});

// The project is the current folder, for `npm run plan` here and for `npx tierstack plan` in a project of the user's.
void runCommand(process.argv.slice(2), process.cwd()).then((code) => {
  process.off("beforeExit", stopped);
  process.exitCode = code;
});

#!/usr/bin/env node
import "../planner/cli/typescript";
import { runOps } from "./run";

// A closed pipe (`| head`) is no error.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : 2));
process.stderr.on("error", () => {});

void runOps(process.argv.slice(2), process.cwd()).then((code) => {
  // Sockets to pods may stay open.
  process.exit(code);
});

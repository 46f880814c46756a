import "../record/sdk/late-loading";
import { join } from "node:path";
import { runCommand } from "./run";

// Overwritten at the end; a program that waits for what never comes does not get there, and Node just stops.
process.exitCode = 1;
const stopped = () => process.stderr.write("the program waits for an output that never comes: a cycle of resources?\n");
process.once("beforeExit", stopped);

void runCommand(process.argv.slice(2), join(__dirname, "..", "..")).then((code) => {
  process.off("beforeExit", stopped);
  process.exitCode = code;
});

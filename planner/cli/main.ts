import "../record/lazy";
import { join } from "node:path";
import { runCommand } from "./run";

void runCommand(process.argv.slice(2), join(__dirname, "..", "..")).then((code) => {
  // At the exit Pulumi's SDK complains of promises that an abandoned program left; the user knows the reason already.
  if (code !== 0) process.removeAllListeners("exit");
  process.exitCode = code;
});

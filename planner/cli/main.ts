import "../record/lazy";
import { join } from "node:path";
import { runCommand } from "./run";

void runCommand(process.argv.slice(2), join(__dirname, "..", "..")).then((code) => {
  process.exitCode = code;
});

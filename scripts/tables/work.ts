/** The commands of docs/backups.md that stop what writes to the database, and start it again. */
import { workCommands } from "../../planner/move/data-steps";

const commands = (on: boolean) => ["```", ...workCommands(on), "```"].join("\n");

export const stopWork = (): string => commands(false);
export const startWork = (): string => commands(true);

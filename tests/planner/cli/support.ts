import { join } from "node:path";
import { runCommand } from "../../../planner/cli/run";
import { captured, type Run } from "../../support/captured";
import { testProject } from "../../support/project";

export const root = join(__dirname, "..", "..", "..");

export type { Run };

/** Runs a command in this process on the project of the tests, with what it prints. */
export const runCli = (...argv: string[]): Promise<Run> => runCliAt(testProject(), ...argv);

/** Runs a command in this process on the project in a folder, with what it prints. */
export const runCliAt = (folder: string, ...argv: string[]): Promise<Run> => captured(() => runCommand(argv, folder));

import { join } from "node:path";
import { runCommand } from "../../../planner/cli/run";
import { testProject } from "../../support/project";

export const root = join(__dirname, "..", "..", "..");

export interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command in this process on the project of the tests, with what it prints. */
export const runCli = (...argv: string[]): Promise<Run> => runCliAt(testProject(), ...argv);

/** Runs a command in this process on the project in a folder, with what it prints. */
export async function runCliAt(folder: string, ...argv: string[]): Promise<Run> {
  const result: Run = { code: 0, stdout: "", stderr: "" };
  const streams = ["stdout", "stderr"] as const;
  const writes = streams.map((name) => process[name].write);
  for (const name of streams)
    process[name].write = ((text: string) => {
      result[name] += text;
      return true;
    }) as typeof process.stdout.write;
  try {
    result.code = await runCommand(argv, folder);
  } finally {
    streams.forEach((name, at) => {
      process[name].write = writes[at] as typeof process.stdout.write;
    });
  }
  return result;
}

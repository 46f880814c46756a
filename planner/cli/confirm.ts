import { createInterface } from "node:readline/promises";
import { SettingsError } from "../../config/problems";

/** Asks a question on the terminal. Answers whether the user typed yes. */
export async function confirmed(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`${question} Type yes to continue: `)).trim() === "yes";
  } finally {
    terminal.close();
  }
}

/** Throws a SettingsError where there is no terminal to ask on. */
export function expectTerminal(): void {
  if (process.stdin.isTTY) return;
  throw new SettingsError([
    {
      where: "--yes",
      given: "nothing, and no terminal to ask on",
      allowed: "--yes, or a terminal",
      fix: "write --yes",
    },
  ]);
}

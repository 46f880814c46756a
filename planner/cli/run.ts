import { SettingsError } from "../../config/problems";
import { RefusedPlan } from "../plan";
import { diffCommand, diffHelp } from "./diff";
import { planCommand, planHelp } from "./plan";

interface Command {
  run: (argv: string[], root: string) => Promise<void>;
  help: string;
}

const commands: Record<string, Command> = {
  plan: { run: planCommand, help: planHelp },
  diff: { run: diffCommand, help: diffHelp },
};

/**
 * Runs a command and answers its exit code: 0 fine, 1 the plan breaks a rule, 2 bad input. A user's mistake is told on
 * stderr, one problem a line; anything else is a defect and thrown.
 */
export async function runCommand([name = "", ...argv]: string[], root: string): Promise<number> {
  const command = commands[name];
  if (!command) throw new Error(`no command ${name}`);
  if (argv.includes("--help")) {
    process.stdout.write(command.help);
    return 0;
  }
  try {
    await command.run(argv, root);
    return 0;
  } catch (error) {
    if (!(error instanceof SettingsError || error instanceof RefusedPlan)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error instanceof RefusedPlan ? 1 : 2;
  }
}

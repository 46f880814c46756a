import * as pulumi from "@pulumi/pulumi";
import { RefusedPlan } from "../plan";
import { diffCommand, diffHelp } from "./diff";
import { toldText } from "./packaged";
import { planCommand, planHelp } from "./plan";
import { preflightCommand, preflightHelp } from "./preflight";

interface Command {
  run: (argv: string[], root: string) => Promise<void>;
  help: string;
}

/** The commands by name. A new one is an entry here. */
export const commands: Record<string, Command> = {
  plan: { run: planCommand, help: planHelp },
  diff: { run: diffCommand, help: diffHelp },
  preflight: { run: (argv, root) => preflightCommand(argv, root), help: preflightHelp },
};

/** What the Pulumi CLI, too, shows without a stack trace: bad settings, and arguments that a component refuses. */
const isMistake = (error: unknown): error is Error =>
  pulumi.RunError.isInstance(error) || pulumi.ResourceError.isInstance(error);

/**
 * Runs a command and answers its exit code: 0 fine, 1 the plan breaks a rule or a check is not fine, 2 bad input. A user's mistake is told on
 * stderr, one problem a line; anything else is a defect and thrown.
 */
export async function runCommand([name = "", ...argv]: string[], root: string): Promise<number> {
  const command = commands[name];
  if (name === "--help" || argv.includes("--help")) {
    process.stdout.write(toldText((command ? [command] : Object.values(commands)).map(({ help }) => help).join("\n")));
    return 0;
  }
  if (!command) {
    const allowed = Object.keys(commands).join(", ");
    const given = name === "" ? "nothing" : name;
    process.stderr.write(
      `command line: given ${given}; allowed: ${allowed}; fix: name one of them, or ask for --help\n`,
    );
    return 2;
  }
  try {
    await command.run(argv, root);
    return 0;
  } catch (error) {
    if (!(error instanceof RefusedPlan || isMistake(error))) throw error;
    process.stderr.write(`${toldText(error.message)}\n`);
    return error instanceof RefusedPlan ? 1 : 2;
  }
}

import { widthOf } from "../views/text";
import { adviseCommand, adviseHelp } from "./advise";
import { capacityFitCommand, capacityFitHelp } from "./capacity-fit";
import { diffCommand, diffHelp } from "./diff";
import { type Help, helpText } from "./help";
import { loadCommand, loadHelp } from "./load";
import { exitCodeOf } from "./mistakes";
import { planOrMove } from "./move";
import { report } from "./output";
import { type CommandName, commandNames, toldText } from "./packaged";
import { planHelp } from "./plan";
import { preflightCommand, preflightHelp } from "./preflight";
import { pricesCheckCommand, pricesCheckHelp } from "./prices-check";
import { upCommand, upHelp } from "./up";

interface Command {
  /** Answers an exit code. */
  run: (argv: string[], root: string) => Promise<number>;
  help: Help;
}

/** A command that is fine where it throws nothing. */
const fine = (run: (argv: string[], root: string) => Promise<void>) => async (argv: string[], root: string) => {
  await run(argv, root);
  return 0;
};

export const commands: Record<CommandName, Command> = {
  plan: { run: fine(planOrMove), help: planHelp },
  diff: { run: fine(diffCommand), help: diffHelp },
  preflight: { run: fine((argv, root) => preflightCommand(argv, root)), help: preflightHelp },
  up: { run: (argv, root) => upCommand(argv, root), help: upHelp },
  advise: { run: fine(adviseCommand), help: adviseHelp },
  load: { run: (argv, root) => loadCommand(argv, root), help: loadHelp },
  "capacity:fit": { run: fine((argv) => capacityFitCommand(argv)), help: capacityFitHelp },
  "prices:check": { run: fine((argv) => pricesCheckCommand(argv)), help: pricesCheckHelp },
};

/** The help of some commands. */
const helpOf = (shown: Command[]) => shown.map(({ help }) => helpText(help, widthOf(process.stdout))).join("\n");

/**
 * Runs a command and answers its exit code: 0 fine, 1 the plan breaks a rule, a check is not fine or a threshold is broken, 2 bad input; `up`
 * answers that of Pulumi too. A user's mistake is told on stderr, one problem a line; anything else is a defect and thrown.
 */
export async function runCommand([name = "", ...argv]: string[], root: string): Promise<number> {
  const known = commandNames.find((one) => one === name);
  const command = known && commands[known];
  const asksForHelp = [name, ...argv].some((word) => word === "--help" || word === "-h");
  if (asksForHelp) {
    process.stdout.write(helpOf(command ? [command] : Object.values(commands)));
    return 0;
  }
  if (!command) {
    const allowed = commandNames.join(", ");
    const given = name === "" ? "nothing" : name;
    report(`command line: given ${given}; allowed: ${allowed}; fix: name one of them, or ask for --help`);
    return 2;
  }
  try {
    return await command.run(argv, root);
  } catch (error) {
    const exitCode = exitCodeOf(error);
    if (exitCode === undefined) throw error;
    report(toldText((error as Error).message));
    return exitCode;
  }
}

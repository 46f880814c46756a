import { ask } from "./ask";
import { type Command, commands, exitCodes, requests } from "./commands";
import { closeSides, sidesOf } from "./engine";
import { type HandoverEnvironment, handoverVariables } from "./environment";
import { inspectSides } from "./inspect";
import { Refusal, sentence } from "./refusal";
import { status } from "./status";
import { supervise } from "./supervise";

const usage = Object.entries(commands)
  .map(([name, text]) => `  ${name.padEnd(8)} ${text}`)
  .join("\n");

/** Reads the environment, and names everything that is wrong with it. Values may be secrets, and are not shown. */
export function readEnvironment(variables: NodeJS.ProcessEnv): HandoverEnvironment {
  const result = handoverVariables.safeParse(variables);
  if (result.success) return result.data;
  throw new Refusal(
    result.error.issues.map(({ path, message }) => ({
      where: `environment, ${path.join(".")}`,
      given: variables[String(path[0])] === undefined ? "nothing" : "another value",
      allowed: message,
      fix: "set it in the container of the handover",
    })),
  );
}

async function inspect(environment: HandoverEnvironment): Promise<number> {
  const servers = sidesOf(environment);
  try {
    const { refused, remarks } = await inspectSides(servers);
    for (const remark of remarks) process.stdout.write(`${remark}\n`);
    for (const one of refused) process.stderr.write(`${sentence(one)}\n`);
    return refused.length > 0 ? exitCodes.refused : exitCodes.success;
  } finally {
    await closeSides(servers);
  }
}

async function run(environment: HandoverEnvironment): Promise<number> {
  const stop = new AbortController();
  // The first process of a container has no default for it.
  process.once("SIGTERM", () => stop.abort());
  await supervise(environment, stop.signal);
  return exitCodes.success;
}

async function show(environment: HandoverEnvironment): Promise<number> {
  process.stdout.write(`${JSON.stringify(await status(environment), undefined, 2)}\n`);
  return exitCodes.success;
}

/** Carries out a command. Returns the exit code. */
export async function main([command, ...rest]: string[], variables: NodeJS.ProcessEnv): Promise<number> {
  try {
    if (command === undefined || !(command in commands) || rest.length > 0) {
      process.stderr.write(`One command:\n${usage}\n`);
      return exitCodes.refused;
    }
    const environment = readEnvironment(variables);
    const asked = requests.find((request) => request === command);
    if (asked) return await ask(environment, asked);
    const others: Record<Exclude<Command, (typeof requests)[number]>, typeof run> = { run, inspect, status: show };
    return await others[command as keyof typeof others](environment);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return error instanceof Refusal ? exitCodes.refused : exitCodes.failure;
  }
}

if (require.main === module) {
  main(process.argv.slice(2), process.env).then((code) => {
    process.exitCode = code;
    // Nothing keeps the process alive but connections that are being closed.
    setTimeout(() => process.exit(code), 2000).unref();
  });
}

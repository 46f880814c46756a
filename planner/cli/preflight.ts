import { SettingsError } from "../../config/problems";
import { type Planned, RefusedPlan } from "../plan";
import { Aws } from "../preflight/aws";
import type { Sources } from "../preflight/check";
import { publicDns } from "../preflight/dns";
import { type Needs, needsOf } from "../preflight/needs";
import { checks, preflight } from "../preflight/preflight";
import { publicRegistries } from "../preflight/registry";
import { readProject } from "../stacks";
import { preflightView, shortfalls } from "../views/preflight";
import { parseArguments, stacksProblem } from "./arguments";
import { commonOptions, type Help, stackOption } from "./help";
import { Mistakes } from "./mistakes";
import { screenFor, write } from "./output";
import { plan } from "./plan";
import { Progress } from "./progress";

export const preflightHelp: Help = {
  usage: ["npm run preflight -- STACK [options]"],
  about: [
    "Queries AWS, DNS and image registries to find out whether the account can hold a stack, before a deployment. It changes nothing. It " +
      `checks ${checks.map(({ name }) => name).join(", ")}.`,
    "What is needed follows from the plan. AWS needs credentials in the environment; without them, what they are needed " +
      "for is reported as not checked.",
  ],
  options: [
    stackOption,
    ["--from STACK", "a move from another stack: both clusters run at the same time"],
    ...commonOptions,
  ],
  examples: [
    ["npm run preflight -- growth", "a new stack"],
    ["npm run preflight -- growth --from startup", "a move"],
  ],
  exitCodes: "0 fine; 1 a check failed or could not run; 2 bad input.",
};

interface Request {
  stack: string;
  from: string | undefined;
  out: string | undefined;
  cwd: string | undefined;
}

const oneStack = { count: 1, allowed: "one stack", usage: "npm run preflight -- STACK" };

function requestOf(argv: string[]): Request {
  const parsed = parseArguments(argv, ["from", "out", "cwd"]);
  const problems = [...parsed.problems, ...stacksProblem(parsed, oneStack)];
  if (problems.length > 0) throw new SettingsError(problems);
  const { from, out, cwd } = parsed.values;
  return { stack: parsed.positionals[0] ?? "", from, out, cwd };
}

async function needed({ stack, from, cwd }: Request, root: string, progress: Progress): Promise<Needs> {
  const project = readProject(cwd ?? root);
  const mistakes = new Mistakes(project);
  const planOf = (one: string, name = one) => {
    progress.step(`planning ${one} ...`);
    return mistakes.attempt(one, () => plan(root, project, one, { name }));
  };
  const before = from === undefined ? undefined : await planOf(from);
  // The stack that moves keeps its name.
  const after = await planOf(stack, from);
  mistakes.throwIfAny();
  return needsOf(after as Planned, before?.plan);
}

/** `npm run preflight`. Throws a SettingsError for bad input and a RefusedPlan where not every check is fine. */
export async function preflightCommand(argv: string[], root: string, given?: Sources): Promise<void> {
  const request = requestOf(argv);
  const progress = new Progress();
  const title = request.from === undefined ? request.stack : `${request.from} -> ${request.stack}`;
  try {
    const needs = await needed(request, root, progress);
    const sources = given ?? { aws: new Aws(needs.region), dns: publicDns, registries: publicRegistries };
    const reports = await preflight(needs, sources, (name) => progress.step(`checking ${name} ...`));
    progress.done();
    write(preflightView(title, reports, screenFor(request.out)), request.out);
    const problems = shortfalls(reports);
    if (problems.length > 0) throw new RefusedPlan(title, problems);
  } finally {
    progress.done();
  }
}

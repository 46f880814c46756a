import { SettingsError } from "../../config/problems";
import { type Result, readResult, resultOf, type Tested } from "../load/result";
import { measure, mostLevels, type Row, type Test } from "../load/run";
import { scenarios } from "../load/scenario";
import { isPrivate, unreachable } from "../load/target";
import { readProject } from "../stacks";
import { dryRunView, loadView, rowText } from "../views/load";
import type { Screen } from "../views/text";
import { formatsText } from "./arguments";
import { confirmed, expectTerminal } from "./confirm";
import { figureOptions } from "./figures";
import { commonOptions, type Help } from "./help";
import {
  defaultSeconds,
  type Format,
  formats,
  otherwise,
  type Request,
  requestOf,
  type TestRequest,
} from "./load-request";
import { report, screenFor, write } from "./output";
import { plan } from "./plan";
import { Progress } from "./progress";

export const loadHelp: Help = {
  usage: ["npm run load -- STACK URL [options]", "npm run load -- RESULT.json --format html --out result.html"],
  about: [
    "Puts load on a deployed stack and says whether its answers stay within the service targets: as many requests a second " +
      "as the tier must carry, whether the server is fast or slow. With --step it raises the rate until the server no longer " +
      "keeps up, and names what limits it (docs/load.md).",
    "It asks before it sends anything to a host that is not this computer's or in a private network. Ctrl-C ends the test; " +
      "what was measured is shown and written.",
  ],
  options: [
    ["STACK, -s STACK, --stack STACK", "the stack; without it, give --rate or --step"],
    ["URL", "where it answers, such as https://app.example.com"],
    ["RESULT.json", "a result to show again; nothing is sent"],
    ["--scenario NAME", `${scenarios.map(({ name }) => name).join(", ")}; without it, the first`],
    ["--file SCENARIO.json", "a scenario of your own (docs/load.md)"],
    [
      "--duration SECONDS",
      `of the test, ${defaultSeconds.phases} without it; with --step of a level, ${defaultSeconds.level}`,
    ],
    ["--rate RATE", "requests a second, in place of the tier's; with --step, the highest"],
    ["--factor FACTOR", "multiple of the tier's requests a second"],
    ["--step RATE", `a staircase: RATE requests a second more on each level, at most ${mostLevels} levels`],
    ["--header 'Name: value'", "send a header with every request; may be given several times"],
    [
      "--metrics RESOURCE=URL",
      "read the use of a resource from its metrics; may be given several times (docs/load.md)",
    ],
    ["--dry-run", "show what would be sent, and send nothing"],
    ["--yes", "do not ask before the load is sent"],
    ["--format FORMAT", formatsText(formats, otherwise)],
    ...figureOptions,
    ...commonOptions,
  ],
  examples: [
    ["npm run load -- startup https://app.example.com", "the load of the tier"],
    ["npm run load -- growth https://app.example.com --step 50 --out result.json", "for npm run capacity:fit"],
  ],
  exitCodes: "0 every threshold is kept; 1 one is broken, or nobody confirmed; 2 bad input.",
};

/** The views by format. A new one is an entry here. */
const views = {
  text: loadView,
  json: (result: Result) => `${JSON.stringify(result, null, 2)}\n`,
  html: (result: Result) =>
    (require("../views/report/load-test") as typeof import("../views/report/load-test")).loadReport(result),
} satisfies Record<Format, (result: Result, screen: Screen) => string>;

/** Requests a second that a stack must carry: what its tier must, or what its sizes are expected to. */
async function neededOf({ stack }: TestRequest, { cwd, figures }: Request, root: string): Promise<number | null> {
  if (stack === undefined) return null;
  const project = readProject(cwd ?? root);
  const progress = new Progress();
  try {
    progress.step(`planning ${stack} ...`);
    const { capacity } = (await plan(root, project, stack, { figures })).plan;
    return Math.max(1, Math.round((capacity.required.requestsPerMinute ?? capacity.requestsPerMinute) / 60));
  } finally {
    progress.done();
  }
}

function testOf(
  { target, scenario, rate, factor = 1, step, seconds, sources }: TestRequest,
  needed: number | null,
): Test {
  const base = { target, scenario, seconds, sources };
  if (step !== undefined) return { ...base, step, rate: rate ?? step * mostLevels };
  return { ...base, rate: rate ?? Math.max(1, Math.round((needed ?? 1) * factor)) };
}

/** Whether the load may be sent. Throws a SettingsError where nobody can be asked. */
async function mayBeSent({ yes, target }: TestRequest, { rate }: Test, confirm: typeof confirmed): Promise<boolean> {
  if (yes || isPrivate(target.origin)) return true;
  if (confirm === confirmed) expectTerminal();
  return confirm(`Send up to ${rate} requests a second to ${target.origin}?`);
}

/** Runs a test until its end, or until the user stops it. */
async function run(test: Test, tested: Tested): Promise<Result> {
  const problem = await unreachable(test.target);
  if (problem) throw new SettingsError([problem]);
  const controller = new AbortController();
  const stop = () => {
    if (!controller.signal.aborted) report("stopping; what was measured follows");
    controller.abort();
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  // The second one ends the program, as without this.
  for (const signal of signals) process.once(signal, stop);
  const progress = new Progress(process.stderr, 0);
  const onSecond = (row: Row) => {
    if (process.stderr.isTTY) progress.step(rowText(row));
    else if (row.at % 10 === 0) report(rowText(row));
  };
  try {
    const measured = await measure(test, { signal: controller.signal, onSecond });
    return resultOf(test, measured, tested, new Date().toISOString().slice(0, 10));
  } finally {
    progress.done();
    for (const signal of signals) process.off(signal, stop);
  }
}

function show(result: Result, { format, out }: Request): number {
  write(views[format](result, screenFor(out)), out);
  return result.load.kept ? 0 : 1;
}

/** `npm run load`. Answers an exit code. Throws a SettingsError for bad input, before anything is sent. */
export async function loadCommand(argv: string[], root: string, confirm = confirmed): Promise<number> {
  const request = requestOf(argv);
  if (request.result !== undefined) return show(readResult(request.result), request);
  const asked = request.test as TestRequest;
  const needed = await neededOf(asked, request, root);
  const test = testOf(asked, needed);
  if (asked.dryRun) {
    write(dryRunView(test, screenFor(request.out)), request.out);
    return 0;
  }
  if (!(await mayBeSent(asked, test, confirm))) {
    report("not confirmed; nothing was sent");
    return 1;
  }
  return show(await run(test, { stack: asked.stack ?? null, needed }), request);
}

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { nearest, SettingsError } from "../../config/problems";
import type { Problem } from "../../tiers/problem";
import { type Planned, planStack } from "../plan";
import { type Project, readProject, readStack, stackNames } from "../stacks";
import { jsonView } from "../views/json";
import { notRendered, writeManifests } from "../views/manifests";
import { summaryView } from "../views/summary";
import { painter } from "../views/text";
import { treeView } from "../views/tree";
import { loadProgram } from "./program";
import { Progress } from "./progress";

const formats = ["tree", "json"] as const;
type Format = (typeof formats)[number];

export const planHelp = `Usage: npm run plan [-- [STACK] [options]]

Shows what a stack consists of, without a cloud account, a network or the Pulumi engine.

  npm run plan                           every stack, a line each
  npm run plan -- growth                 one stack: the tree with sizes
  npm run plan -- growth --format json   (${formats.join(" | ")}), sorted, the same from run to run
  npm run plan -- growth --out FILE      into a file
  npm run plan -- growth --manifests D   the Kubernetes objects as YAML files in folder D
  npm run plan -- --cwd D                stack files of folder D

Exit codes: 0 fine; 1 the plan breaks a rule; 2 bad input.
`;

interface Request {
  stack: string | undefined;
  format: Format;
  out: string | undefined;
  manifests: string | undefined;
  cwd: string | undefined;
}

const flags = ["--format", "--out", "--manifests", "--cwd", "--help"];

/** The command line as a request; every problem with it at once. */
function requestOf(argv: string[]): Request {
  const { values, positionals, tokens } = parseArgs({
    args: argv,
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      format: { type: "string" },
      out: { type: "string" },
      manifests: { type: "string" },
      cwd: { type: "string" },
    },
  });
  const problems: Problem[] = [];
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const like = nearest(token.rawName, flags);
    if (!flags.includes(token.rawName))
      problems.push({
        where: "command line",
        given: token.rawName,
        allowed: flags.join(", "),
        fix: like ? `did you mean ${like}?` : "remove it",
      });
    else if (!token.value)
      problems.push({
        where: token.rawName,
        given: "nothing",
        allowed: "a value",
        fix: `write ${token.rawName} VALUE`,
      });
  }
  const [stack, ...more] = positionals;
  if (more.length > 0)
    problems.push({
      where: "command line",
      given: more.join(" "),
      allowed: "one stack",
      fix: "name one stack, or none",
    });
  const format = typeof values.format === "string" ? values.format : "tree";
  if (!(formats as readonly string[]).includes(format))
    problems.push({ where: "--format", given: format, allowed: formats.join(", "), fix: "choose one of them" });
  for (const flag of ["format", "manifests"] as const)
    if (values[flag] !== undefined && stack === undefined)
      problems.push({
        where: `--${flag}`,
        given: "no stack",
        allowed: "a stack before it",
        fix: `name a stack: npm run plan -- STACK --${flag} ...`,
      });
  if (problems.length > 0) throw new SettingsError(problems);
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  return {
    stack,
    format: format as Format,
    out: text(values.out),
    manifests: text(values.manifests),
    cwd: text(values.cwd),
  };
}

function write(text: string, out: string | undefined): void {
  if (out === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, text);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new SettingsError([
      {
        where: "--out",
        given: `${out} (${reason})`,
        allowed: "a file that can be written",
        fix: "choose another file",
      },
    ]);
  }
}

async function plan(root: string, project: Project, stack: string): Promise<Planned> {
  // The program is loaded late: a wrong command line is answered before the SDKs are.
  const stackConfig = readStack(project, stack);
  const { guardSdk } = await import("../record/sdk");
  guardSdk();
  return planStack(project, stackConfig, loadProgram(root));
}

/** \`npm run plan\`. Throws a SettingsError for bad input and a RefusedPlan for a graph the engine would refuse. */
export async function planCommand(argv: string[], root: string): Promise<void> {
  const request = requestOf(argv);
  const project = readProject(request.cwd ?? root);
  const progress = new Progress();
  const planned: Planned[] = [];
  try {
    for (const stack of request.stack === undefined ? stackNames(project) : [request.stack]) {
      progress.step(`planning ${stack} ...`);
      planned.push(await plan(root, project, stack));
    }
  } finally {
    progress.done();
  }
  if (request.stack === undefined) {
    const plans = planned.map((one) => one.plan);
    return write(summaryView(plans, painter(process.stdout)), request.out);
  }
  for (const one of planned) show(one, request);
}

/** Shows the plan of one stack as it was asked for. */
function show(planned: Planned, request: Request): void {
  if (request.manifests !== undefined) {
    const written = writeManifests(planned.recording, request.manifests);
    const left = notRendered(planned.recording);
    process.stdout.write(`${written} Kubernetes objects of ${request.stack} written to ${request.manifests}\n`);
    if (left.length > 0) process.stdout.write(`not among them: ${left.join(", ")}\n`);
    return;
  }
  const paint = painter(request.out === undefined ? process.stdout : ({} as NodeJS.WriteStream));
  write(request.format === "json" ? jsonView(planned.plan) : treeView(planned.plan, paint), request.out);
}

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { versions } from "../../../versions";
import { readBundle, standaloneSchemas } from "../../support/schemas/bundle";
import { buildTools } from "../tools/build";
import { type Exception, exceptions } from "./exceptions";

const manifestsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => join(folder, file));

let programs: Promise<string> | undefined;

/** A checker could not read what it was to check. */
export class Unreadable extends Error {}

/** What a checker prints as JSON; it exits 1 where it found something. Throws `Unreadable` where it prints no JSON. */
async function run<Result>(program: string, args: string[]): Promise<Result> {
  programs ??= buildTools("manifests");
  const { stdout, stderr, error } = spawnSync(join(await programs, program), args, {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Unreadable(`${program}: ${stderr.trim() || stdout.trim()}`);
  }
}

/** Writes the bundle's schemas as files, one a kind, named as kubeconform looks for them. */
function writeSchemas(folder: string): void {
  for (const [kind, schema] of standaloneSchemas(readBundle())) {
    const parts = kind.split("/");
    const [group, version, name] = (parts.length === 3 ? parts : [parts[0], ...parts]) as [string, string, string];
    const file = join(folder, group, version, `${name.toLowerCase()}.json`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(schema));
  }
}

interface Conformity {
  resources: { filename: string; msg: string }[];
  summary: { valid: number; invalid: number; errors: number };
}

/** A line for each field that kubeconform names in its message, or the message where it names none. */
function lines(msg: string): string[] {
  const fields = msg.split(/\s+- at /).slice(1);
  const said = fields.length > 0 ? fields.map((field) => field.replace(/^'([^']*)'/, "$1")) : [msg];
  return said.map((text) => text.split("\n").join(" ")).filter((text) => !text.endsWith(": validation failed"));
}

/**
 * What kubeconform, strict, finds wrong with a folder's YAML files by the schemas of the bundle: a line each. A file of
 * which it does not check exactly one object is a problem too.
 */
export async function conformProblems(folder: string): Promise<string[]> {
  const schemas = mkdtempSync(join(tmpdir(), "tierstack-schemas-"));
  try {
    writeSchemas(schemas);
    const files = manifestsIn(folder);
    const location = join(schemas, "{{.Group}}", "{{.ResourceAPIVersion}}", "{{.ResourceKind}}.json");
    const { resources, summary } = await run<Conformity>("kubeconform", [
      ...["-strict", "-summary", "-output", "json", "-schema-location", location],
      ...files,
    ]);
    const problems = resources.flatMap(({ filename, msg }) =>
      lines(msg).map((text) => `${basename(filename)}: ${text}`),
    );
    const { valid, invalid, errors } = summary;
    const checked = valid + invalid + errors;
    return checked === files.length ? problems : [...problems, `${checked} objects checked in ${files.length} files`];
  } finally {
    rmSync(schemas, { recursive: true });
  }
}

interface Scored {
  type_meta: { kind: string };
  object_meta: { name: string; namespace?: string };
  checks: {
    check: { id: string };
    grade: number;
    skipped: boolean;
    comments: { path: string; summary: string }[] | null;
  }[];
}

/** A critical finding or warning of the linter. */
export interface Finding {
  check: string;
  /** `Deployment/app/app` */
  object: string;
  /** What it says; `(container) ` before where it is of one. */
  text: string;
}

/** Grades of kube-score: 1 critical, 5 warning, 7 almost right, 10 right. */
const warning = 5;

/** Every critical finding and warning of kube-score in a folder's YAML files, exceptions included. */
export async function linterFindings(folder: string): Promise<Finding[]> {
  const scored = await run<Scored[] | null>("kube-score", [
    ...["score", "--output-format", "json", "--kubernetes-version", `v${versions.kubernetes}`],
    ...["--disable-ignore-checks-annotations", "--disable-optional-checks-annotations"],
    ...manifestsIn(folder),
  ]);
  return (scored ?? []).flatMap(({ type_meta, object_meta, checks }) =>
    checks
      .filter(({ grade, skipped }) => !skipped && grade <= warning)
      .flatMap(({ check, comments }) =>
        (comments ?? []).map(({ path, summary }) => ({
          check: check.id,
          object: [type_meta.kind, object_meta.namespace, object_meta.name].filter(Boolean).join("/"),
          text: `${path ? `(${path}) ` : ""}${summary}`,
        })),
      ),
  );
}

/** Whether a finding is one that an exception speaks of. */
export const isMeant = ({ check, finding, stacks }: Exception, found: Finding, stack?: string): boolean =>
  check === found.check &&
  (finding === undefined || found.text.endsWith(finding)) &&
  (stacks === undefined || (stack !== undefined && stacks.includes(stack)));

/**
 * What kube-score finds critical or worth a warning in a folder's YAML files, a line each, without what is meant to be so.
 * @param stack  whose files they are; without one, exceptions of single stacks do not hold
 */
export async function linterProblems(folder: string, stack?: string): Promise<string[]> {
  return (await linterFindings(folder))
    .filter((found) => !exceptions.some((exception) => isMeant(exception, found, stack)))
    .map(({ check, object, text }) => `${object}: ${text} [${check}]`);
}

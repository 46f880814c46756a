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

/** A checker failed to read its input. */
export class Unreadable extends Error {}

/** Runs a checker and returns its JSON output. It exits with 1 if it has findings. Throws `Unreadable` without JSON. */
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

/** Writes each of the bundle's schemas to a file, with the name that kubeconform expects. */
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

/** Returns one line per field in kubeconform's message, or the message itself if it names no field. */
function lines(msg: string): string[] {
  const fields = msg.split(/\s+- at /).slice(1);
  const said = fields.length > 0 ? fields.map((field) => field.replace(/^'([^']*)'/, "$1")) : [msg];
  return said.map((text) => text.split("\n").join(" ")).filter((text) => !text.endsWith(": validation failed"));
}

/**
 * Returns kubeconform's findings in a folder's YAML files, one per line, in strict mode and with the bundle's schemas.
 * A file that does not contain exactly one object is also a finding.
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

/** A critical finding or warning of kube-score. */
export interface Finding {
  check: string;
  /** `Deployment/app/app` */
  object: string;
  /** Message, with a `(container) ` prefix if it is about a container. */
  text: string;
}

/** Grades of kube-score: 1 critical, 5 warning, 7 almost OK, 10 OK. */
const warning = 5;

/** Returns every critical finding and warning of kube-score in a folder's YAML files, including exceptions. */
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

/** Whether an exception covers a finding. */
export const isMeant = ({ check, finding, stacks }: Exception, found: Finding, stack?: string): boolean =>
  check === found.check &&
  (finding === undefined || found.text.endsWith(finding)) &&
  (stacks === undefined || (stack !== undefined && stacks.includes(stack)));

/**
 * Returns the critical findings and warnings of kube-score in a folder's YAML files, one per line, without exceptions.
 * @param stack  the files' stack; if omitted, exceptions of single stacks do not apply
 */
export async function linterProblems(folder: string, stack?: string): Promise<string[]> {
  return (await linterFindings(folder))
    .filter((found) => !exceptions.some((exception) => isMeant(exception, found, stack)))
    .map(({ check, object, text }) => `${object}: ${text} [${check}]`);
}

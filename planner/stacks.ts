import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, YAMLParseError, YAMLWarning } from "yaml";
import { leftBehind } from "../config/parse";
import { nearest, SettingsError } from "../config/problems";
import { tierNames } from "../tiers";
import type { Problem } from "../tiers/problem";
import { knownPackages } from "./packages";
import { isMapping, secretText } from "./record/values";

/** What the planner needs of a project file. */
export interface Project {
  folder: string;
  name: string;
  /** File or folder of the program, from the project's folder. */
  main: string;
  /** Defaults of the declared keys, by full key. */
  defaults: Record<string, unknown>;
}

/** Configuration of a stack, as Pulumi hands it to the program. */
export interface StackConfig {
  stack: string;
  config: Record<string, string>;
  secretKeys: string[];
}

/** Name of the file of a stack. */
export const stackFile = (stack: string) => `Pulumi.${stack}.yaml`;

/** Name of a stack, as Pulumi allows it. */
const stackPattern = /^[\w.-]+$/;

/** Keys of a stack file that are not configuration (Pulumi, "Stack settings file reference"). */
const stackFileKeys = ["config", "environment", "secretsprovider", "encryptionsalt", "encryptedkey"];

/** The content of a YAML text. A tag that is not of JSON is an error, as every warning. */
function parsed(text: string): unknown {
  const document = parseDocument(text, { resolveKnownTags: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw problem;
  return document.toJS();
}

function readYaml(folder: string, file: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = parsed(readFileSync(join(folder, file), "utf8")) ?? {};
  } catch (error) {
    // An alias without an anchor, and aliases that explode, are ReferenceErrors of the parser.
    const isPlaced = error instanceof YAMLParseError || error instanceof YAMLWarning;
    const isYaml = isPlaced || error instanceof ReferenceError;
    if ((error as NodeJS.ErrnoException).code !== undefined && !isYaml)
      throw new SettingsError([
        {
          where: file,
          given: `a file that cannot be read (${(error as NodeJS.ErrnoException).code})`,
          allowed: `a folder with ${file}`,
          fix: "run the command in the project's folder, or name it with --cwd",
        },
      ]);
    if (!isYaml) throw error;
    const line = isPlaced ? error.linePos?.[0].line : undefined;
    throw new SettingsError([
      {
        where: line ? `${file}:${line}` : file,
        given: `text that is not YAML (${error.message.split("\n")[0]?.replace(/( at line|;).*$/, "")})`,
        allowed: "a YAML mapping with the key config",
        fix: "correct the line, or restore the file from version control",
      },
    ]);
  }
  if (isMapping(content)) return content;
  throw new SettingsError([
    {
      where: file,
      given: Array.isArray(content) ? "a list" : `a ${typeof content}`,
      allowed: "a YAML mapping with the key config",
      fix: "write `config:` and its keys",
    },
  ]);
}

/** Reads Pulumi.yaml of a folder. */
export function readProject(folder: string): Project {
  const content = readYaml(folder, "Pulumi.yaml");
  const { name } = content;
  if (typeof name !== "string" || !/^[\w.-]{1,100}$/.test(name))
    throw new SettingsError([
      {
        where: "Pulumi.yaml: name",
        given: name === undefined ? "nothing" : JSON.stringify(name),
        allowed: "the name of the project: letters, digits, dots, dashes and underscores",
        fix: "write name: NAME",
      },
    ]);
  const declared = isMapping(content.config) ? content.config : {};
  const defaults = Object.fromEntries(
    Object.entries(declared).map(([key, value]) => [
      fullKey(name, key),
      isMapping(value) ? (value.default ?? value.value) : value,
    ]),
  );
  return { folder, name, main: String(content.main ?? "index.ts"), defaults };
}

/** Like Pulumi: a key without a namespace is the project's. */
const fullKey = (project: string, key: string) => (key.includes(":") ? key : `${project}:${key}`);

const withFullKeys = ({ name }: Pick<Project, "name">, config: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [fullKey(name, key), value]));

/** The configuration in a stack file; nothing where the file cannot be read. Only `readStack` reports what is wrong. */
function configIn(project: Project, stack: string): Record<string, unknown> {
  try {
    const { config } = readYaml(project.folder, stackFile(stack));
    return isMapping(config) ? withFullKeys(project, config) : {};
  } catch (error) {
    if (error instanceof SettingsError) return {};
    throw error;
  }
}

/** Place of a stack in the order of stacks: by the tier in its file, on an existing cluster before on AWS. */
function rankOf(project: Project, stack: string): number {
  const config = configIn(project, stack);
  const tier = (tierNames as readonly unknown[]).indexOf(config[`${project.name}:tier`]);
  if (tier < 0) return 2 * tierNames.length;
  return 2 * tier + (config[`${project.name}:cluster`] === "existing" ? 0 : 1);
}

/** Names of the stacks that have a file: smallest tier first, those that name no known tier last, otherwise by name. */
export function stackNames(project: Project): string[] {
  return readdirSync(project.folder)
    .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1])
    .filter((stack): stack is string => stack !== undefined && stackPattern.test(stack))
    .map((stack) => ({ stack, rank: rankOf(project, stack) }))
    .sort((a, b) => a.rank - b.rank || (a.stack < b.stack ? -1 : 1))
    .map(({ stack }) => stack);
}

/** A value with its encrypted parts replaced, because a plan has no key to decrypt them. */
function withoutSecrets(value: unknown): { value: unknown; secret: boolean } {
  if (isMapping(value) && Object.keys(value).length === 1 && "secure" in value)
    return { value: secretText, secret: true };
  if (Array.isArray(value)) {
    const parts = value.map(withoutSecrets);
    return { value: parts.map((part) => part.value), secret: parts.some((part) => part.secret) };
  }
  if (!isMapping(value)) return { value, secret: false };
  const parts = Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)] as const);
  return {
    value: Object.fromEntries(parts.map(([key, part]) => [key, part.value])),
    secret: parts.some(([, part]) => part.secret),
  };
}

const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

const namespaceOf = (key: string) => key.slice(0, key.indexOf(":"));

function keyProblem(file: string, { name: project, defaults }: Project, key: string): Problem | undefined {
  const [namespace = "", ...rest] = fullKey(project, key).split(":");
  if (rest.length > 1)
    return {
      where: `${file}: ${key}`,
      given: "a key with two colons",
      allowed: "NAMESPACE:KEY",
      fix: `write ${namespace}:${rest[0]}, and ${rest.slice(1).join(":")} below it`,
    };
  const left = leftBehind(project, key);
  if (left) return { ...left, where: `${file}: ${key}` };
  // If Pulumi.yaml declares a key in a namespace, that namespace belongs to the user.
  const own = Object.keys(defaults).map(namespaceOf);
  const known = [...new Set([project, ...own, ...knownPackages])];
  if (rest.length === 1 && known.includes(namespace)) return undefined;
  const like = nearest(namespace, known) ?? project;
  return {
    where: `${file}: ${key}`,
    given: `the namespace ${namespace}`,
    allowed: `${project}:KEY, or KEY of ${known.filter((name) => name !== project).join(", ")}`,
    fix: `write ${like}:${rest.join(":")}`,
  };
}

/** Keys that Pulumi.yaml declares for another project: Pulumi refuses their defaults. One problem, because they are many. */
function declaredProblem({ name, defaults }: Project): Problem[] {
  const left = Object.keys(defaults).filter((key) => leftBehind(name, key));
  if (left.length === 0) return [];
  return [
    {
      where: "Pulumi.yaml: config",
      given: `keys of another project: ${left.slice(0, 3).join(", ")}${left.length > 3 ? ` and ${left.length - 3} more` : ""}`,
      allowed: `keys of ${name}`,
      fix: `declare them as ${name}:KEY; in a clone of tierstack, run npm run generate`,
    },
  ];
}

/** Keys that a file has with and without the project's namespace: only one of the values would count. */
function doubled(file: string, { name }: Project, keys: string[]): Problem[] {
  return keys
    .filter((key) => !key.includes(":") && keys.includes(fullKey(name, key)))
    .map((key) => ({
      where: `${file}: ${key}`,
      given: `a key that the file has as ${fullKey(name, key)} too`,
      allowed: "each key once",
      fix: "remove one of them",
    }));
}

/** Reads the configuration of a stack, defaults of the project included. Throws a SettingsError. */
export function readStack(project: Project, stack: string): StackConfig {
  const names = stackNames(project);
  if (!names.includes(stack)) {
    const named = stack.replace(/^Pulumi\.(.+)\.yaml$/, "$1");
    const like = nearest(named, names);
    throw new SettingsError([
      {
        where: "stack",
        given: JSON.stringify(stack),
        allowed: names.length > 0 ? names.join(", ") : "a stack with a file",
        fix: like
          ? `did you mean ${like}?`
          : stackPattern.test(named)
            ? `create ${stackFile(named)}`
            : "choose one of them",
      },
    ]);
  }
  const file = stackFile(stack);
  const content = readYaml(project.folder, file);
  const given = content.config ?? {};
  const problems: Problem[] = Object.keys(content)
    .filter((key) => !stackFileKeys.includes(key))
    .map((key) => ({
      where: `${file}: ${key}`,
      given: "an unknown key",
      allowed: stackFileKeys.join(", "),
      fix: key.includes(":") ? "move it below config:" : `did you mean ${nearest(key, stackFileKeys) ?? "config"}?`,
    }));
  if (!isMapping(given))
    problems.push({
      where: `${file}: config`,
      given: JSON.stringify(given),
      allowed: "a mapping",
      fix: "write its keys below it",
    });
  else {
    problems.push(...declaredProblem(project));
    problems.push(...Object.keys(given).flatMap((key) => keyProblem(file, project, key) ?? []));
    problems.push(...doubled(file, project, Object.keys(given)));
  }
  if (problems.length > 0) throw new SettingsError(problems);
  const config: Record<string, string> = {};
  const secretKeys: string[] = [];
  for (const [key, raw] of Object.entries({ ...project.defaults, ...withFullKeys(project, given as object) })) {
    if (raw === undefined) continue;
    // A key with nothing behind it has an empty value, as in Pulumi.
    const { value, secret } = withoutSecrets(raw ?? "");
    config[key] = asText(value);
    if (secret) secretKeys.push(key);
  }
  return { stack, config, secretKeys };
}

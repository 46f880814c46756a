import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { SettingsError } from "../../config/problems";
import { makeFolder } from "../folders";
import type { RecordedResource, Recording } from "../record/record";
import { Secret, secretText } from "../record/values";

const stamp = "# Written by tierstack, `npm run plan -- STACK --manifests`";

const secretWarning = `# ${secretText} stands for a value that only a deployment knows: do not apply this file as it is.`;

/** Masks every secret string but keeps the structure: the keys of a Secret are not secret. */
function masked(value: unknown, secret = false): unknown {
  if (value instanceof Secret) return masked(value.value, true);
  if (Array.isArray(value)) return value.map((item) => masked(item, secret));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner, secret)]));
  return secret ? secretText : value;
}

/** Returns the object with its secrets masked. A Secret gets `stringData`, because the mask is not base64. */
function objectOf({ inputs, type }: RecordedResource): unknown {
  const object = masked(inputs) as Record<string, unknown>;
  if (type !== "kubernetes:core/v1:Secret") return object;
  const { data, ...rest } = object;
  return { ...rest, stringData: data };
}

/** Whether the resource is a Kubernetes object, and not a provider, a chart or a patch of an existing object. */
export const isObject = ({ type, inputs }: RecordedResource) =>
  type.startsWith("kubernetes:") && typeof inputs.kind === "string" && !type.endsWith("Patch");

/** Name of the file of an object: its path without the root, or with it where that name is taken. */
function fileName({ path }: RecordedResource, taken: Map<string, unknown>): string {
  const steps = path.split("/");
  const nameOf = (words: string[]) =>
    `${words
      .join("-")
      .replace(/[^\w.-]+/g, "-")
      .replace(/-$/, "")}.yaml`;
  const short = nameOf(steps.length > 1 ? steps.slice(1) : steps);
  return taken.has(short) ? nameOf(steps) : short;
}

/** Returns the Kubernetes objects of a stack as YAML, by file name. */
export function manifestFiles(recording: Recording): Map<string, string> {
  const files = new Map<string, string>();
  for (const resource of recording.resources.filter(isObject)) {
    const name = fileName(resource, files);
    const text = stringify(objectOf(resource), { lineWidth: 0 });
    const comments = text.includes(secretText) ? [stamp, secretWarning] : [stamp];
    files.set(name, [...comments, text].join("\n"));
  }
  return files;
}

/** Returns the paths of Kubernetes resources that have no manifest: providers, charts and patches. */
export function notRendered(recording: Recording): string[] {
  return recording.resources
    .filter((resource) => resource.type.startsWith("kubernetes:") && !isObject(resource))
    .map((resource) => resource.path);
}

const isOurs = (file: string) => readFileSync(file, "utf8").startsWith(stamp);

/** Files of the user's that have the name of an object's file. */
function foreignFiles(folder: string, names: string[]): string[] {
  return names.map((name) => join(folder, name)).filter((file) => existsSync(file) && !isOurs(file));
}

function writeFiles(files: Map<string, string>, folder: string): void {
  makeFolder(folder);
  const foreign = foreignFiles(folder, [...files.keys()]);
  if (foreign.length > 0)
    throw new SettingsError(
      foreign.map((file) => ({
        where: "--manifests",
        given: `${file}, which tierstack has not written`,
        allowed: "a folder without a file of that name",
        fix: "move the file, or choose another folder",
      })),
    );
  const former = readdirSync(folder).filter((file) => file.endsWith(".yaml") && !files.has(file));
  for (const file of former.map((name) => join(folder, name)))
    if (statSync(file).isFile() && isOurs(file)) rmSync(file);
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
}

/**
 * Writes each object to a file in the folder, and removes the files of earlier runs. Keeps other files. Returns the
 * number of objects. Throws a SettingsError if the folder cannot be written, or has a file of the user's in the way.
 */
export function writeManifests(recording: Recording, folder: string): number {
  const files = manifestFiles(recording);
  try {
    writeFiles(files, folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof SettingsError || code === undefined) throw error;
    throw new SettingsError([
      {
        where: "--manifests",
        given: `${folder} (${code})`,
        allowed: "a folder that can be written, or a name that does not exist",
        fix: "choose another",
      },
    ]);
  }
  return files.size;
}

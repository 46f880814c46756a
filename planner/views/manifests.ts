import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { SettingsError } from "../../config/problems";
import type { RecordedResource, Recording } from "../record/record";
import { Secret, secretText } from "../record/values";

const stamp = "# Written by tierstack, `npm run plan -- STACK --manifests`";

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

/** Returns the Kubernetes objects of a stack as YAML, by file name. */
export function manifestFiles(recording: Recording): Map<string, string> {
  const files = new Map<string, string>();
  for (const resource of recording.resources.filter(isObject)) {
    const name = `${resource.path.split("/").slice(1).join("-")}.yaml`;
    files.set(name, `${stamp}\n${stringify(objectOf(resource), { lineWidth: 0 })}`);
  }
  return files;
}

/** Returns the paths of Kubernetes resources that have no manifest: providers, charts and patches. */
export function notRendered(recording: Recording): string[] {
  return recording.resources
    .filter((resource) => resource.type.startsWith("kubernetes:") && !isObject(resource))
    .map((resource) => resource.path);
}

/**
 * Writes each object to a file in the folder, and removes the files of earlier runs. Keeps other files. Returns the
 * number of objects. Throws a SettingsError if the path is a file.
 */
export function writeManifests(recording: Recording, folder: string): number {
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw new SettingsError([
      {
        where: "--manifests",
        given: folder,
        allowed: "a folder, or a name that does not exist",
        fix: "choose another",
      },
    ]);
  mkdirSync(folder, { recursive: true });
  const files = manifestFiles(recording);
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".yaml") && !files.has(file)))
    if (readFileSync(join(folder, name), "utf8").startsWith(stamp)) rmSync(join(folder, name));
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
  return files.size;
}

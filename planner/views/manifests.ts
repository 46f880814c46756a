import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { SettingsError } from "../../config/problems";
import type { RecordedResource, Recording } from "../record/record";
import { Secret, secretText } from "../record/values";

const stamp = "# Written by tierstack, `npm run plan -- STACK --manifests`";

/** A value with every secret text replaced, and its form kept: a Secret's keys are no secret. */
function hidden(value: unknown, secret = false): unknown {
  if (value instanceof Secret) return hidden(value.value, true);
  if (Array.isArray(value)) return value.map((item) => hidden(item, secret));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hidden(inner, secret)]));
  return secret ? secretText : value;
}

/** The object without its secrets. Those of a Secret are shown as texts, for the word in their place is no base64. */
function objectOf({ inputs, type }: RecordedResource): unknown {
  const shown = hidden(inputs) as Record<string, unknown>;
  if (type !== "kubernetes:core/v1:Secret") return shown;
  const { data, ...rest } = shown;
  return { ...rest, stringData: data };
}

/** Whether the resource is an object of the API server: not a provider, a chart or a patch of somebody's object. */
export const isObject = ({ type, inputs }: RecordedResource) =>
  type.startsWith("kubernetes:") && typeof inputs.kind === "string" && !type.endsWith("Patch");

/** The Kubernetes objects of a stack, by file name. */
export function manifestFiles(recording: Recording): Map<string, string> {
  const files = new Map<string, string>();
  for (const resource of recording.resources.filter(isObject)) {
    const name = `${resource.path.split("/").slice(1).join("-")}.yaml`;
    files.set(name, `${stamp}\n${stringify(objectOf(resource), { lineWidth: 0 })}`);
  }
  return files;
}

/** What the stack brings into the cluster and manifests cannot show. */
export function notRendered(recording: Recording): string[] {
  return recording.resources
    .filter((resource) => resource.type.startsWith("kubernetes:") && !isObject(resource))
    .map((resource) => resource.path);
}

/**
 * Writes the objects into a folder, one file each, and removes what an earlier run left there. Files of others stay.
 * Throws a SettingsError where the folder is a file.
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

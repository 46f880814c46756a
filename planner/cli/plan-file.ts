import { SettingsError } from "../../config/problems";
import { readJson } from "../forms/json";
import type { Plan } from "../plan";
import { isMapping } from "../record/values";

/** Whether the content of a file has what a command reads of a plan. */
function isPlan(content: unknown): content is Plan {
  if (!isMapping(content)) return false;
  const { version, stack, resources } = content;
  const isResource = (one: unknown) =>
    isMapping(one) &&
    [one.path, one.type, one.name].every((text) => typeof text === "string") &&
    isMapping(one.inputs) &&
    isMapping(one.options) &&
    Array.isArray(one.options.ignoreChanges);
  return version === 1 && typeof stack === "string" && Array.isArray(resources) && resources.every(isResource);
}

/** What a file has in the place of a plan. */
function otherThanPlan(content: unknown): string {
  if (!isMapping(content) || !("version" in content && "resources" in content)) return "JSON that is not a plan";
  return content.version === 1 ? "a plan with parts missing" : `a plan of version ${String(content.version)}`;
}

/** Reads a plan that `--format json` wrote, and that a flag names. Throws a SettingsError for any other file. */
export function readPlan(flag: string, file: string): Plan {
  const read = readJson(file);
  if ("content" in read && isPlan(read.content)) return read.content;
  const given = "given" in read ? read.given : otherThanPlan(read.content);
  const fix = "write one: npm run plan -- STACK --out PLAN.json";
  throw new SettingsError([{ where: `${flag} ${file}`, given, allowed: "a plan of version 1 as JSON", fix }]);
}

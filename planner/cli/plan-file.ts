import { readFileSync } from "node:fs";
import { SettingsError } from "../../config/problems";
import type { Plan } from "../plan";
import { isMapping } from "../record/values";

/** Whether a mapping has what a command reads of a plan. */
function isPlan(content: Record<string, unknown>): content is Record<string, unknown> & Plan {
  const { version, stack, resources } = content;
  const isResource = (one: unknown) =>
    isMapping(one) &&
    [one.path, one.type, one.name].every((text) => typeof text === "string") &&
    isMapping(one.inputs) &&
    isMapping(one.options) &&
    Array.isArray(one.options.ignoreChanges);
  return version === 1 && typeof stack === "string" && Array.isArray(resources) && resources.every(isResource);
}

/** Reads a plan that `--format json` wrote, and that a flag names. Throws a SettingsError for any other file. */
export function readPlan(flag: string, file: string): Plan {
  let given: string;
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (isMapping(content) && "version" in content && "resources" in content) {
      if (isPlan(content)) return content;
      given = content.version === 1 ? "a plan with parts missing" : `a plan of version ${String(content.version)}`;
    } else given = "JSON that is not a plan";
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    given = code ? `a file that cannot be read (${code})` : "a file that is not JSON";
  }
  const fix = "write one: npm run plan -- STACK --out PLAN.json";
  throw new SettingsError([{ where: `${flag} ${file}`, given, allowed: "a plan of version 1 as JSON", fix }]);
}

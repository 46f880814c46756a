import { SettingsError } from "../../config/problems";
import { tierNames } from "../../tiers";
import type { Problem } from "../../tiers/problem";
import { readJson } from "../forms/json";
import type { Plan } from "../plan";
import { isMapping } from "../record/values";

const isText = (value: unknown) => typeof value === "string";
const isTextOrNull = (value: unknown) => value === null || isText(value);
const isSwitch = (value: unknown) => typeof value === "boolean";
const areTexts = (value: unknown) => Array.isArray(value) && value.every(isText);

/** What a move reads of a resource. */
const isResource = (one: unknown) =>
  isMapping(one) &&
  [one.path, one.type, one.name].every(isText) &&
  [one.parent, one.provider].every(isTextOrNull) &&
  isSwitch(one.custom) &&
  areTexts(one.dependsOn) &&
  isMapping(one.inputs) &&
  isMapping(one.options) &&
  [one.options.protect, one.options.retainOnDelete].every(isSwitch) &&
  areTexts(one.options.ignoreChanges);

type Content = Record<string, unknown>;

/** What is missing of a plan or has another form, by the names of its parts. */
function missingOf({ project, stack, tier, resources, cost }: Content): string[] {
  const parts: [part: string, isThere: boolean][] = [
    ["project", isText(project)],
    ["stack", isText(stack)],
    ["tier", isText(tier)],
    ["resources", Array.isArray(resources)],
    ["cost", isMapping(cost) && Number.isFinite(cost.monthlyUsd)],
  ];
  const damaged = Array.isArray(resources) ? resources.findIndex((one) => !isResource(one)) : -1;
  return [
    ...parts.filter(([, isThere]) => !isThere).map(([part]) => part),
    ...(damaged < 0 ? [] : [`resources[${damaged}]`]),
  ];
}

type Wrong = Pick<Problem, "given" | "allowed">;

/** What a file has in the place of a plan; undefined for a plan. */
function otherThanPlan(content: unknown): Wrong | undefined {
  const allowed = "a plan of version 1 as JSON";
  if (!isMapping(content) || !("version" in content && "resources" in content))
    return { given: "JSON that is not a plan", allowed };
  if (content.version !== 1) return { given: `a plan of version ${JSON.stringify(content.version)}`, allowed };
  const missing = missingOf(content);
  if (missing.length > 0) return { given: `a plan with parts missing: ${missing.join(", ")}`, allowed };
  const { tier, resources } = content as unknown as Plan;
  if (!(tierNames as readonly string[]).includes(tier))
    return { given: `a plan of the tier ${JSON.stringify(tier)}`, allowed: `a plan of ${tierNames.join(", ")}` };
  const paths = resources.map(({ path }) => path);
  const twice = paths.find((path, at) => paths.indexOf(path) !== at);
  return twice === undefined ? undefined : { given: `${twice} twice`, allowed: "a plan with each resource once" };
}

/** Whose plan a command takes. */
interface Owner {
  project: string;
  /** @default any stack of the project */
  stack?: string;
}

const ownerText = ({ project, stack }: Owner) => (stack === undefined ? project : `${project}, stack ${stack}`);

/**
 * Reads a plan that `--format json` wrote, and that a flag names. Throws a SettingsError for any other file, and for the
 * plan of another project or stack.
 */
export function readPlan(flag: string, file: string, owner: Owner): Plan {
  const where = `${flag} ${file}`;
  const read = readJson(file);
  const wrong =
    "content" in read ? otherThanPlan(read.content) : { given: read.given, allowed: "a plan of version 1 as JSON" };
  const fix = `write one: npm run plan -- ${owner.stack ?? "STACK"} --out PLAN.json`;
  if (wrong) throw new SettingsError([{ where, ...wrong, fix }]);
  const plan = (read as { content: Plan }).content;
  const { project, stack } = plan;
  if (project === owner.project && (owner.stack === undefined || stack === owner.stack)) return plan;
  const renamed =
    project === owner.project
      ? ""
      : ". If the project was renamed: its name is in every URN, so rename the deployed stack first (pulumi stack rename)";
  throw new SettingsError([
    {
      where,
      given: `a plan of ${ownerText({ project, stack })}`,
      allowed: `a plan of ${ownerText(owner)}`,
      fix: `${fix}${renamed}`,
    },
  ]);
}

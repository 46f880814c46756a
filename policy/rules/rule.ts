import { formatProblem, type Problem } from "../../tiers/problem";

/** What a rule reads of a resource. The plan and the engine both know it. */
export interface PolicyResource {
  type: string;
  /** Logical name. */
  name: string;
  inputs: Record<string, unknown>;
  /** The engine does not tell a policy pack of `retainOnDelete`: undefined there. */
  options: { protect: boolean; retainOnDelete?: boolean };
}

export interface PolicyContext {
  /** Whether the user lifted the protection of data (docs/destroying.md). */
  allowDestroy: boolean;
}

/** A problem with a resource. `where` is the path of a property, or empty for the resource itself. */
export type Finding = Problem;

interface Described {
  /** Identifier, the same in `npm run plan` and in the policy pack. */
  name: string;
  /** What the rule demands, as a sentence. */
  demands: string;
}

/** A rule on one resource. */
export interface ResourceRule extends Described {
  /** Every type that it judges; resources of others pass. */
  types: string[];
  check: (resource: PolicyResource, context: PolicyContext) => Finding[];
}

/** A rule on the resources of a stack together. `where` of its findings starts with the name of a resource. */
export interface StackRule extends Described {
  checkStack: (resources: PolicyResource[]) => Finding[];
}

/** What a rule reads of a plan's monthly cost, in USD. */
export interface PolicyCost {
  monthlyUsd: number;
  budgetUsd: number;
  /** The tier's accepted excess over its budget. */
  accepted?: { upToUsd: number };
  /** What settings keep of a tier that the stack has left. */
  kept?: { monthlyUsd: number };
}

/** A rule on the monthly cost. The engine knows none, so only a plan is checked. */
export interface CostRule extends Described {
  checkCost: (cost: PolicyCost) => Finding[];
}

export type Rule = ResourceRule | StackRule | CostRule;

/** A value that the engine knows only after the update. No rule finds fault with it. */
export const notYetKnown = Symbol("not yet known");

/** A finding if a value is not the one demanded; none for a value that nobody knows yet. */
export function demand(where: string, given: unknown, allowed: unknown, fix: string): Finding[] {
  // The provider takes booleans of nested properties as texts, too.
  if (given === allowed || given === notYetKnown || given === String(allowed)) return [];
  return [{ where, given: given === undefined ? "nothing" : JSON.stringify(given), allowed: String(allowed), fix }];
}

/** What is demanded of the inputs of a type. */
export type Check = (inputs: Record<string, unknown>) => Finding[];

/** The parts of a rule that demands something of the inputs of each type. */
export const onTypes = (checks: Record<string, Check>): Pick<ResourceRule, "types" | "check"> => ({
  types: Object.keys(checks),
  check: ({ type, inputs }) => checks[type]?.(inputs) ?? [],
});

/** The mapping of a value; an empty one where it is none. */
export const mapping = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** The mappings in a list; none where the value is no list. */
export const mappings = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(mapping) : []);

/** The texts in a list. */
export const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];

/** The message about a finding: the rule, the resource with its property, and what to do. */
export const told = ({ name }: Described, finding: Finding, resource?: PolicyResource): string => {
  const where = [resource?.name, finding.where].filter(Boolean).join(" ");
  return `${formatProblem({ ...finding, where })} (policy ${name})`;
};

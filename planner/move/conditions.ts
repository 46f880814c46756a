/** Changes that replace an AWS resource for some values only: `conditional` of `planner/catalogues/aws-replacement.json`. */
import aws from "../catalogues/aws-replacement.json";
import type { Inputs } from "./refused-updates";

/** A row of the catalogue. */
export interface ConditionalRule {
  id: string;
  type: string;
  properties: string[];
  when: string;
  does?: string;
  notEvaluated?: string;
  source: string;
}

export const conditionalRules: ConditionalRule[] = aws.conditional.rules;

const numbersOf = (version: unknown): number[] =>
  String(version ?? "")
    .split(".")
    .map((part) => (/^\d+$/.test(part) ? Number(part) : Number.POSITIVE_INFINITY));

/** Whether a version is lower than another: 7.1 than 7.2 and than 8.0. `7.x` is the last of the 7th. */
export function isOlder(version: unknown, other: unknown): boolean {
  if (version === undefined || other === undefined) return false;
  const [own, next] = [numbersOf(version), numbersOf(other)];
  const parts = Array.from({ length: Math.max(own.length, next.length) }, (_, at) => [own[at] ?? 0, next[at] ?? 0]);
  const [number = 0, than = 0] = parts.find(([a, b]) => a !== b) ?? [];
  return number < than;
}

/** When a row that replaces applies, by its id. */
const conditions: Record<string, (before: Inputs, after: Inputs) => boolean> = {
  "instance-user-data-replaces": (_, { userDataReplaceOnChange }) => userDataReplaceOnChange === true,
  "cache-version-downgrade": (before, after) => isOlder(after.engineVersion, before.engineVersion),
  "cache-engine": (before, after) =>
    after.globalReplicationGroupId === undefined && !(before.engine === "redis" && after.engine === "valkey"),
  "cache-transit-encryption": ({ engineVersion }) => isOlder(engineVersion, "7.0.5"),
};

/** The properties whose change replaces a resource, because of its values before and after. */
export const replacingByValue = (type: string, before: Inputs, after: Inputs): string[] =>
  conditionalRules
    .filter((rule) => rule.type === type && rule.does === "replaces" && conditions[rule.id]?.(before, after))
    .flatMap(({ properties }) => properties);

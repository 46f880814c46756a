import { hex } from "./outputs";
import { sorted } from "./values";

/** A question of the program to a provider (`invoke`), and what it was answered. */
export interface LookUp {
  token: string;
  arguments: Record<string, unknown>;
  result: { id: string; name?: string };
}

/** A look-up as a text, whatever the order of its arguments. */
const question = (token: string, args: Record<string, unknown>) => `${token} ${JSON.stringify(sorted(args))}`;

/**
 * Ids by token: another argument gives another id, as it would on AWS. The SDK takes the mark off secret arguments, and
 * the plan shows them: only look-ups that take no secret belong here.
 */
const ids: Record<string, (asked: string) => string> = {
  "aws:ec2/getAmi:getAmi": (asked) => `ami-${hex(asked, 17)}`,
  "aws:ec2/getManagedPrefixList:getManagedPrefixList": (asked) => `pl-${hex(asked, 8)}`,
};

/**
 * The name of a zone, by its AZ id. The letter is a stand-in for the one that the account has: a for az1, b for az2.
 * The provider's id of this look-up is the region.
 */
function zone({ zoneId, name, region }: Record<string, unknown>): LookUp["result"] {
  const number = Number(/-az(\d+)$/.exec(String(zoneId))?.[1] ?? 1);
  const id = String(region ?? "us-east-1");
  return { id, name: String(name ?? `${id}${String.fromCharCode(96 + number)}`) };
}

/** What a look-up is answered. */
const answers: Record<string, (args: Record<string, unknown>) => LookUp["result"]> = {
  ...Object.fromEntries(
    Object.entries(ids).map(([token, id]) => [token, (args) => ({ id: id(question(token, args)) })]),
  ),
  "aws:index/getAvailabilityZone:getAvailabilityZone": zone,
};

/** Answers a look-up; undefined where there is no answer. */
export function lookUp(token: string, args: Record<string, unknown>): LookUp | undefined {
  const result = answers[token]?.(args);
  return result && { token, arguments: args, result };
}

/** What a look-up without an answer is refused with. */
export const unanswered = (token: string): string =>
  `${token}: planner/record has no answer for this look-up; add one to planner/record/look-ups.ts`;

/** Each look-up once, by token and arguments. */
export function distinct(lookUps: LookUp[]): LookUp[] {
  const byQuestion = new Map(lookUps.map((one) => [question(one.token, one.arguments), one]));
  return [...byQuestion].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

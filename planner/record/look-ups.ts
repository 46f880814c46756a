import { hex } from "./outputs";
import { sorted } from "./values";

/** A question of the program to a provider (`invoke`), and what it was answered. */
export interface LookUp {
  token: string;
  arguments: Record<string, unknown>;
  result: { id: string };
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

/** Answers a look-up; undefined where there is no answer. */
export function lookUp(token: string, args: Record<string, unknown>): LookUp | undefined {
  const id = ids[token]?.(question(token, args));
  return id === undefined ? undefined : { token, arguments: args, result: { id } };
}

/** What a look-up without an answer is refused with. */
export const unanswered = (token: string): string =>
  `${token}: planner/record has no answer for this look-up; add one to planner/record/look-ups.ts`;

/** Each look-up once, by token and arguments. */
export function distinct(lookUps: LookUp[]): LookUp[] {
  const byQuestion = new Map(lookUps.map((one) => [question(one.token, one.arguments), one]));
  return [...byQuestion].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

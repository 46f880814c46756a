/**
 * IAM's evaluation of policies, as far as the deploy role's policies use the language (IAM User Guide, "Policy evaluation
 * logic" and "IAM JSON policy elements: Condition operators"). What it does not know throws, so that no test passes by it.
 */
import type { Policy, Statement } from "../../scripts/deploy-role/statements";

/** A request to AWS. Keys of the context that are not there are absent, as in IAM. */
export interface IamRequest {
  action: string;
  resource: string;
  context: Record<string, string | string[]>;
}

const list = <T>(value: T | T[] | undefined): T[] => (value === undefined ? [] : ([value].flat() as T[]));

/** `*` stands for any text, `?` for any character. */
function like(pattern: string, text: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^]*")
    .replaceAll("?", "[^]");
  return new RegExp(`^${escaped}$`).test(text);
}

/** In an ARN, `*` does not stand for the colons between its parts, but in the last part it stands for anything. */
function likeArn(pattern: string, arn: string): boolean {
  if (pattern === "*") return true;
  const partsOf = (text: string) => {
    const parts = text.split(":");
    return [...parts.slice(0, 5), parts.slice(5).join(":")];
  };
  const [wanted, given] = [partsOf(pattern), partsOf(arn)];
  return wanted.every((part, at) => like(part, given[at] ?? ""));
}

const operators: Record<string, (given: string[] | undefined, wanted: string[]) => boolean> = {
  StringEquals: (given, wanted) => (given ?? []).some((one) => wanted.includes(one)),
  // Negated operators hold for a key that is absent.
  StringNotEquals: (given, wanted) => given === undefined || !given.some((one) => wanted.includes(one)),
  // For all values holds for a key that is absent, too.
  "ForAllValues:StringLike": (given, wanted) =>
    (given ?? []).every((one) => wanted.some((pattern) => like(pattern, one))),
  Null: (given, wanted) => wanted.includes(String(given === undefined)),
};

function conditionHolds({ Condition = {} }: Statement, context: IamRequest["context"]): boolean {
  return Object.entries(Condition).every(([operator, keys]) => {
    const holds = operators[operator];
    if (!holds) throw new Error(`unknown condition operator ${operator}`);
    return Object.entries(keys).every(([key, wanted]) => {
      const given = context[key];
      return holds(given === undefined ? undefined : list(given), list(wanted));
    });
  });
}

const named = (patterns: string[], action: string) =>
  patterns.some((pattern) => like(pattern.toLowerCase(), action.toLowerCase()));

function applies(statement: Statement, { action, resource, context }: IamRequest): boolean {
  const actionFits = statement.NotAction ? !named(statement.NotAction, action) : named(list(statement.Action), action);
  // An action without a resource is allowed for `*` only.
  const resourceFits = statement.NotResource
    ? !list(statement.NotResource).some((pattern) => likeArn(pattern, resource))
    : list(statement.Resource).some((pattern) => (resource === "*" ? pattern === "*" : likeArn(pattern, resource)));
  return actionFits && resourceFits && conditionHolds(statement, context);
}

/** Whether policies of one identity allow a request: one allows it and none denies it. */
export function isAllowed(policies: Policy[], request: IamRequest): boolean {
  const applying = policies.flatMap(({ Statement }) => Statement).filter((statement) => applies(statement, request));
  return applying.some(({ Effect }) => Effect === "Allow") && !applying.some(({ Effect }) => Effect === "Deny");
}

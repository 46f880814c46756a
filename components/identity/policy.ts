import type { Problem } from "../../tiers/problem";

/** A statement of an IAM policy. */
export interface IamStatement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, unknown>;
}

/** An IAM policy document of a role: it names no principal. */
export interface IamPolicy {
  Version: "2012-10-17";
  Id?: string;
  Statement: IamStatement | IamStatement[];
}

const version = "2012-10-17";
/** Characters of a role's inline policies, white space not counted (IAM User Guide, "IAM and STS quotas"). */
const largestPolicy = 10_240;

const statementKeys = ["Sid", "Effect", "Action", "Resource", "Condition"];

/** Elements of other kinds of policies, or that grant more than they say. */
const refusedKeys: Record<string, { allowed: string; fix: string }> = {
  Principal: { allowed: "no principal: the policy belongs to the role of the pods", fix: "remove it" },
  NotPrincipal: { allowed: "no principal: the policy belongs to the role of the pods", fix: "remove it" },
  NotAction: { allowed: "Action: NotAction allows every action that it does not name", fix: "name the actions" },
  NotResource: {
    allowed: "Resource: NotResource allows every resource that it does not name",
    fix: "name the resources",
  },
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

const shown = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value));

const action = /^[a-z0-9-]+:[A-Za-z0-9*?]+$/;
const arn = /^arn:aws[a-z-]*:[^:\s]*:[^:\s]*:[^:\s]*:\S+$/;

/** Problems of a text or a list of texts. */
function textProblems(where: string, value: unknown, isValid: (text: string) => boolean, allowed: string): Problem[] {
  if (Array.isArray(value) && value.length === 0)
    return [{ where, given: "an empty list", allowed, fix: `change ${where}` }];
  return listOf(value).flatMap((one, at) =>
    typeof one === "string" && isValid(one)
      ? []
      : [
          {
            where: Array.isArray(value) ? `${where}[${at}]` : where,
            given: shown(one),
            allowed,
            fix: one === undefined ? `set ${where}` : `change ${where}`,
          },
        ],
  );
}

/** A policy that allows everything would make the application the administrator of the account. */
function everything(where: string, { Effect, Action, Resource }: Record<string, unknown>): Problem[] {
  if (Effect !== "Allow" || !listOf(Action).includes("*") || !listOf(Resource).includes("*")) return [];
  return [
    {
      where: `${where}.Action`,
      given: '"*" on every resource',
      allowed: "the actions that the application takes: with this, a flaw in it would open the whole account",
      fix: "name the actions and the resources",
    },
  ];
}

function keyProblem(where: string, key: string): Problem[] {
  if (statementKeys.includes(key)) return [];
  const { allowed, fix } = refusedKeys[key] ?? { allowed: statementKeys.join(", "), fix: "remove it" };
  return [{ where: `${where}.${key}`, given: "an element that is not allowed here", allowed, fix }];
}

function statementProblems(where: string, statement: unknown): Problem[] {
  if (!isObject(statement))
    return [
      {
        where,
        given: shown(statement),
        allowed: `a statement with ${statementKeys.join(", ")}`,
        fix: `change ${where}`,
      },
    ];
  const { Sid, Effect, Action, Resource, Condition } = statement;
  const instead = (key: string) => `Not${key}` in statement;
  return [
    ...Object.keys(statement).flatMap((key) => keyProblem(where, key)),
    ...(Sid === undefined
      ? []
      : textProblems(`${where}.Sid`, Sid, (text) => /^[A-Za-z0-9]+$/.test(text), "letters and digits")),
    ...textProblems(`${where}.Effect`, Effect, (text) => ["Allow", "Deny"].includes(text), "Allow | Deny"),
    ...(instead("Action")
      ? []
      : textProblems(
          `${where}.Action`,
          Action,
          (text) => text === "*" || action.test(text),
          "actions such as s3:GetObject or s3:Get*",
        )),
    ...(instead("Resource")
      ? []
      : textProblems(
          `${where}.Resource`,
          Resource,
          (text) => text === "*" || arn.test(text),
          "ARNs such as arn:aws:s3:::acme-uploads/*, or *",
        )),
    ...(Condition === undefined || isObject(Condition)
      ? []
      : [{ where: `${where}.Condition`, given: shown(Condition), allowed: "an object", fix: "change it" }]),
    ...everything(where, statement),
  ];
}

/** Returns what is wrong with an IAM policy document of a role. IAM would refuse most of it in the middle of a deployment. */
export function policyProblems(where: string, policy: Record<string, unknown>): Problem[] {
  const { Version, Statement } = policy;
  const statements = listOf(Statement);
  const size = JSON.stringify(policy).length;
  return [
    ...(Version === version
      ? []
      : [
          {
            where: `${where}.Version`,
            given: shown(Version),
            allowed: version,
            fix: `write "${version}", with quotes: without, YAML may read a date`,
          },
        ]),
    ...(Statement === undefined || statements.length === 0
      ? [{ where: `${where}.Statement`, given: shown(Statement), allowed: "one statement or more", fix: "add one" }]
      : statements.flatMap((statement, at) =>
          statementProblems(Array.isArray(Statement) ? `${where}.Statement[${at}]` : `${where}.Statement`, statement),
        )),
    ...(size > largestPolicy
      ? [
          {
            where,
            given: `${size} characters`,
            allowed: `at most ${largestPolicy}: IAM refuses more in a role`,
            fix: "shorten it, such as with wildcards",
          },
        ]
      : []),
  ];
}

import catalogue from "../../catalogues/aws-actions.json";
import { type Aws, pages } from "../aws";
import { type Check, type Finding, failed, fine, unchecked, unknown } from "../check";
import type { Needs } from "../needs";

const actionsByType: Record<string, string[] | undefined> = catalogue.types;

/** Actions that creating, changing and deleting the stack's resources takes. */
export function actionsOf({ plan, kmsKeyArn }: Pick<Needs, "plan" | "kmsKeyArn">): string[] {
  const ofTypes = plan.resources.flatMap(({ type }) => actionsByType[type] ?? []);
  return [...new Set([...ofTypes, ...(kmsKeyArn === undefined ? [] : catalogue.ownKey)])].sort();
}

/** Types of AWS that the catalogue lacks, such as those of a user's own resources. Their actions are not known. */
function unknownTypesOf({ plan }: Pick<Needs, "plan">): string[] {
  const types = plan.resources.filter(({ custom }) => custom).map(({ type }) => type);
  return [...new Set(types.filter((type) => type.startsWith("aws:") && !actionsByType[type]))].sort();
}

/** IAM simulates the policies of a user or a role, not of a session of a role. Returns the name of its role. */
export const roleOfSession = (arn: string): string | undefined => /:assumed-role\/([^/]+)\//.exec(arn)?.[1];

async function policySource(arn: string, aws: Aws): Promise<string> {
  const role = roleOfSession(arn);
  // A session's ARN lacks the path of its role.
  return role === undefined ? arn : ((await aws.iam().getRole({ RoleName: role })).Role?.Arn ?? arn);
}

/** How many actions are simulated in one request. */
const batchSize = 50;
/** How many actions a message names. */
const shownActions = 4;

/** Formats the first actions, and how many more there are. */
function listed(actions: string[]): string {
  const more = actions.length - shownActions;
  return `${actions.slice(0, shownActions).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Sorts actions by what IAM says. `open`: IAM returned no result for them. */
async function simulated(
  source: string,
  actions: string[],
  aws: Aws,
): Promise<Record<"allowed" | "denied" | "open", string[]>> {
  const allowedByAction = new Map<string | undefined, boolean>();
  for (let at = 0; at < actions.length; at += batchSize) {
    const ActionNames = actions.slice(at, at + batchSize);
    const results = await pages(async (Marker) => {
      const { EvaluationResults: items = [], Marker: next } = await aws
        .iam()
        .simulatePrincipalPolicy({ PolicySourceArn: source, ActionNames, ...(Marker && { Marker }) });
      return { items, next };
    });
    for (const { EvalActionName, EvalDecision } of results)
      allowedByAction.set(EvalActionName, EvalDecision === "allowed");
  }
  const having = (allowed: boolean | undefined) => actions.filter((action) => allowedByAction.get(action) === allowed);
  return { allowed: having(true), denied: having(false), open: having(undefined) };
}

/** The caller may do what the plan's resources take, by IAM's simulation for any resource. */
export const permissions: Check = {
  name: "permissions",
  fails: "IAM's simulation denies an action that the plan's resources take",
  signedIn: true,
  applies: (needs) => actionsOf(needs).length > 0 || unknownTypesOf(needs).length > 0,
  async run(needs, { aws }) {
    const actions = actionsOf(needs);
    const { Arn: caller = "" } = await aws.identity();
    if (caller.endsWith(":root")) return [unchecked("IAM does not simulate the root user, which you should not use")];
    const { allowed, denied, open } = await simulated(await policySource(caller, aws), actions, aws);
    const findings: Finding[] = [];
    if (denied.length > 0)
      findings.push(
        failed({
          where: "permissions",
          given: `${caller}, which may not ${listed(denied)}`,
          allowed: `all ${actions.length} actions, on any resource`,
          fix: "grant them, or check that your policies allow them on the stack's resources",
        }),
      );
    if (open.length > 0) findings.push(unchecked(`IAM returned no result for ${listed(open)}`));
    if (allowed.length > 0 && allowed.length === actions.length)
      findings.push(fine(`${caller} may do all ${actions.length} actions`));
    const types = unknownTypesOf(needs);
    if (types.length > 0) findings.push(unknown(`no actions known for ${types.join(", ")}`));
    return findings;
  },
};

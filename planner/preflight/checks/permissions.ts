import catalogue from "../../catalogues/aws-actions.json";
import type { Aws } from "../aws";
import { type Check, failed, fine, unchecked } from "../check";
import type { Needs } from "../needs";

const actionsByType: Record<string, string[] | undefined> = catalogue.types;

/** Actions that creating, changing and deleting the stack's resources takes. */
export function actionsOf({ plan }: Pick<Needs, "plan">): string[] {
  return [...new Set(plan.resources.flatMap(({ type }) => actionsByType[type] ?? []))].sort();
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

async function deniedOf(source: string, actions: string[], aws: Aws): Promise<string[]> {
  const denied: string[] = [];
  for (let at = 0; at < actions.length; at += batchSize) {
    const { EvaluationResults = [] } = await aws.iam().simulatePrincipalPolicy({
      PolicySourceArn: source,
      ActionNames: actions.slice(at, at + batchSize),
    });
    denied.push(
      ...EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== "allowed").flatMap(
        ({ EvalActionName }) => EvalActionName ?? [],
      ),
    );
  }
  return denied;
}

/** The caller may do what the plan's resources take, by IAM's simulation for any resource. */
export const permissions: Check = {
  name: "permissions",
  signedIn: true,
  applies: (needs) => actionsOf(needs).length > 0,
  async run(needs, { aws }) {
    const actions = actionsOf(needs);
    const { Arn: caller = "" } = await aws.identity();
    if (caller.endsWith(":root")) return [unchecked("IAM does not simulate the root user, which you should not use")];
    const denied = await deniedOf(await policySource(caller, aws), actions, aws);
    if (denied.length === 0) return [fine(`${caller} may do all ${actions.length} actions`)];
    const more = denied.length - shownActions;
    return [
      failed({
        where: "permissions",
        given: `${caller}, which may not ${denied.slice(0, shownActions).join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
        allowed: `all ${actions.length} actions, on any resource`,
        fix: "grant them, or check that your policies allow them on the stack's resources",
      }),
    ];
  },
};
